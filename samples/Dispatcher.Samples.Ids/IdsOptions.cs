namespace Dispatcher.Samples.Ids;

/// <summary>What an operator sets: section <c>Ids</c> of the configuration, and options of the command line.</summary>
internal sealed class IdsOptions
{
    /// <summary>Options of the command line and what they set.</summary>
    public static readonly Dictionary<string, string> Switches = new()
    {
        ["--interface"] = "Ids:Interface",
        ["--object"] = "Ids:Object",
        ["--window"] = "Ids:Window",
        ["--syns"] = "Ids:Syns",
        ["--scanned-ports"] = "Ids:ScannedPorts",
    };

    /// <summary>Where packets are looked at.</summary>
    public string Interface { get; set; } = "eth0";

    /// <summary>Object file of the program.</summary>
    public string Object { get; set; } = "ids.o";

    /// <summary>Time in which a source is counted, and reported once for each kind of alert.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Connection attempts of one source in a window that are a flood.</summary>
    public uint Syns { get; set; } = 100;

    /// <summary>Ports tried by one source in a window that are a scan; at most 256.</summary>
    public uint ScannedPorts { get; set; } = 20;

    /// <summary>Whether a program that runs already is exchanged for the one in the object file, and keeps its maps.</summary>
    internal bool Upgrade { get; set; }
}
