using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>A release of xdp-tools as eng/peers unpacked it.</summary>
/// <param name="Version">For example <c>1.6.3</c>.</param>
/// <param name="Folder">Of the scripts that start its commands.</param>
/// <param name="Root">Where its files are.</param>
internal sealed partial record Peer(string Version, string Folder, string Root)
{
    private string OriginalRoot => Path.Combine(Path.GetDirectoryName(Folder)!, "root");

    /// <summary>For the head of a column.</summary>
    public string Name => $"libxdp {Version}";

    /// <summary>Where its xdp-dispatcher.o is.</summary>
    public string ObjectFolder => ObjectPath().Match(Script("with-libxdp")).Groups[1].Value;

    /// <summary>Reads a line of eng/peers: name, version of the package, folder.</summary>
    public static Peer Read(string line) => line.Split(' ') is [_, var version, var folder]
        ? new Peer(version.Split('-')[0], folder, Path.Combine(Path.GetDirectoryName(folder)!, "root"))
        : throw new FormatException($"'{line}' is not a line of eng/peers.");

    /// <summary>The same with a copy of its files.</summary>
    /// <param name="folder">An existing folder.</param>
    public Peer CopyTo(string folder)
    {
        var copy = Path.Combine(folder, $"libxdp-{Version}");
        Bench.Copy(Root, copy);
        return this with { Root = copy };
    }

    /// <summary>One of its commands, such as xdp-loader, without the shell that eng/peers puts around it.</summary>
    public ToolRequest Command(string name, params IEnumerable<string> arguments)
    {
        var words = StartLine().Match(Script(name)).Groups[1].Value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return new ToolRequest(words[0], [.. words[1..], .. arguments]) { Environment = new Dictionary<string, string?> { ["LIBXDP_OBJECT_PATH"] = ObjectFolder } };
    }

    private string Script(string name) => File.ReadAllText(Path.Combine(Folder, name)).Replace(OriginalRoot, Root, StringComparison.Ordinal);

    [GeneratedRegex("LIBXDP_OBJECT_PATH:=([^}]+)}")]
    private static partial Regex ObjectPath();

    [GeneratedRegex("^exec (.*)\"\\$@\"$", RegexOptions.Multiline)]
    private static partial Regex StartLine();
}
