using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>Ours in a process of its own; reads and changes versions 1 to 3, makes 2 unless told another.</summary>
/// <param name="bpfFsPath">The BPF file system it shares with others.</param>
/// <param name="place">Its network namespace; null: this process's.</param>
internal sealed class OurActor(string bpfFsPath, NetNamespace? place = null) : LineActor("ours", Wrap(Request(bpfFsPath), place))
{
    private static string Program => Path.Combine(AppContext.BaseDirectory, "actor", "Dispatcher.Interop.Actor");

    private static ToolRequest Request(string bpfFsPath) => new(Program)
    {
        Environment = new Dictionary<string, string?>
        {
            ["LIBXDP_BPFFS"] = bpfFsPath,
            // Starting is most of what a killed process costs.
            ["DOTNET_TieredPGO"] = "0",
            ["DOTNET_EnableDiagnostics"] = "0",
        },
    };

    private static ToolRequest Wrap(ToolRequest request, NetNamespace? place) => place is null ? request : place.Wrap(request);
}
