using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Whole processes that need no EXT programs.</summary>
internal sealed class CommandOnHost : Section
{
    /// <inheritdoc/>
    public override string Name => "command";

    /// <inheritdoc/>
    public override string Title => "Whole commands, this machine's kernel (xdp-dispatch beside xdp-loader, from start to exit)";

    /// <inheritdoc/>
    public override Place Place => Place.Host;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        var status = new Subject("status", "ms");
        return
        [
            // xdp-loader takes asking for its version for a failure, so ours is alone here: what starting takes.
            .. Contest.Run(Title, bench.Rounds(25), [new Contender(Role.Ours, "xdp-dispatch", new Subject("--version", "ms"), new ToolRequest(bench.Tool, "--version").Milliseconds)]),
            .. Contest.Run(Title, bench.Rounds(25),
            [
                new Contender(Role.Ours, "xdp-dispatch", status, new ToolRequest(bench.Tool, "status").Milliseconds),
                .. bench.Peers.Select(peer => new Contender(Role.Peer, peer.Name, status, peer.Command("xdp-loader", "status").Milliseconds)),
            ]),
        ];
    }
}
