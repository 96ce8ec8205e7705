namespace Dispatcher.Samples.Firewall;

/// <summary>What an operator sets: section <c>Firewall</c> of the configuration, and options of the command line.</summary>
internal sealed class FirewallOptions
{
    /// <summary>Options of the command line and what they set.</summary>
    public static readonly Dictionary<string, string> Switches = new()
    {
        ["--interface"] = "Firewall:Interface",
        ["--object"] = "Firewall:Object",
        ["--ports"] = "Firewall:Ports",
        ["--report"] = "Firewall:Report",
    };

    /// <summary>Where packets are dropped.</summary>
    public string Interface { get; set; } = "eth0";

    /// <summary>Object file of the program.</summary>
    public string Object { get; set; } = "firewall.o";

    /// <summary>What is blocked, such as <c>udp/7007,tcp/23</c>.</summary>
    public string Ports { get; set; } = "";

    /// <summary>How often the log tells what was dropped.</summary>
    public TimeSpan Report { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Whether a program that runs already is exchanged for the one in the object file, and keeps its maps.</summary>
    internal bool Upgrade { get; set; }
}
