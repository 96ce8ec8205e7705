using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>libxdp.so of one release, in a process of its own: the C driver of this project.</summary>
/// <param name="peer">Which release.</param>
/// <param name="bpfFsPath">The BPF file system it shares with others.</param>
/// <param name="objectFolder">Where it finds <c>xdp-dispatcher.o</c>; null: its own.</param>
/// <param name="place">Its network namespace; null: this process's.</param>
internal sealed class LibxdpActor(Peer peer, string bpfFsPath, string? objectFolder = null, NetNamespace? place = null)
    : LineActor($"libxdp {peer.Release}", Wrap(Request(peer, bpfFsPath, objectFolder), place))
{
    private static ToolRequest Request(Peer peer, string bpfFsPath, string? objectFolder)
    {
        var environment = new Dictionary<string, string?> { ["LIBXDP_BPFFS"] = bpfFsPath };
        if (objectFolder is not null)
            environment["LIBXDP_OBJECT_PATH"] = objectFolder;
        return new ToolRequest(peer.Command("with-libxdp"), DriverProgram.PathOf("libxdp-actor")) { Environment = environment };
    }

    private static ToolRequest Wrap(ToolRequest request, NetNamespace? place) => place is null ? request : place.Wrap(request);
}
