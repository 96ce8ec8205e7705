using System.Globalization;
using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>A program as <c>xdp-loader status</c> lists it.</summary>
/// <param name="Priority">Run priority.</param>
/// <param name="Name">Program name.</param>
/// <param name="Id">Program id.</param>
/// <param name="Tag">Program tag, 16 hexadecimal digits.</param>
/// <param name="Actions">Chain call actions, kernel names apart by commas.</param>
internal sealed record ListedProgram(uint Priority, string Name, uint Id, string Tag, string Actions);

/// <summary>The real peer: xdp-loader of the machine's xdp-tools.</summary>
/// <param name="bpfFsPath">The BPF file system it shares with us.</param>
internal sealed partial class XdpLoader(string bpfFsPath)
{
    /// <summary>Loads an object.</summary>
    public void Load(string interfaceName, string objectPath) => Run("load", interfaceName, objectPath).OrFail();

    /// <summary>Unloads one program.</summary>
    public void Unload(string interfaceName, uint id) =>
        Run("unload", interfaceName, "--id", id.ToString(CultureInfo.InvariantCulture)).OrFail();

    /// <summary>Unloads everything.</summary>
    public void UnloadAll(string interfaceName) => Run("unload", interfaceName, "--all").OrFail();

    /// <summary>The programs in the chain, in the order it lists them; none when it sees no dispatcher.</summary>
    public IReadOnlyList<ListedProgram> Status(string interfaceName) => Read(Run("status", interfaceName).OrFail().Output);

    /// <summary>The programs in a status table.</summary>
    public static IReadOnlyList<ListedProgram> Read(string table) =>
    [
        .. Row().Matches(table).Select(row => new ListedProgram(
            uint.Parse(row.Groups["priority"].ValueSpan, CultureInfo.InvariantCulture),
            row.Groups["name"].Value,
            uint.Parse(row.Groups["id"].ValueSpan, CultureInfo.InvariantCulture),
            row.Groups["tag"].Value,
            row.Groups["actions"].Value.Trim())),
    ];

    private ToolResult Run(params string[] arguments) => Tool.Run(new ToolRequest("xdp-loader", arguments)
    {
        Environment = new Dictionary<string, string?> { ["LIBXDP_BPFFS"] = bpfFsPath },
    });

    [GeneratedRegex(@"^ => +(?<priority>\d+) +(?<name>\S+) +(?<id>\d+) +(?<tag>[0-9a-f]{16}) +(?<actions>.*)$", RegexOptions.Multiline)]
    private static partial Regex Row();
}
