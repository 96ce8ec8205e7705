using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Whole processes that change a chain.</summary>
internal sealed class CommandInVm : Section
{
    /// <inheritdoc/>
    public override string Name => "command";

    /// <inheritdoc/>
    public override string Title => "Whole commands on a chain (xdp-dispatch beside xdp-loader, from start to exit)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        var nics = bench.Peers.Select(_ => new Nic()).Prepend(new Nic()).ToList();
        try
        {
            return Contest.Run(Title, bench.Rounds(21),
            [
                new Contender(Role.Ours, "xdp-dispatch", () => Cycle(bench, nics[0], words => new ToolRequest(bench.Tool, words))),
                .. bench.Peers.Select((peer, index) => new Contender(
                    Role.Peer, peer.Name, () => Cycle(bench, nics[index + 1], words => peer.Command("xdp-loader", words)))),
            ]);
        }
        finally
        {
            nics.ForEach(nic => nic.Dispose());
        }
    }

    // Both tools take the same words here.
    private static IEnumerable<Figure> Cycle(Bench bench, Nic nic, Func<string[], ToolRequest> tool)
    {
        var load = tool(["load", "-m", "native", nic.Name, bench.PassObject]);
        List<(string What, double Milliseconds, double ProcessorMilliseconds)> costs = [];
        foreach (var (what, command) in (ReadOnlySpan<(string, ToolRequest)>)
            [("load, first of the chain", load), ("load, second of the chain", load), ("status", tool(["status"])), ("unload --all", tool(["unload", nic.Name, "--all"]))])
        {
            var (time, processor) = command.Cost(bench);
            costs.Add((what, time, processor));
        }

        return
        [
            .. costs.Select(cost => new Figure(new Subject(cost.What, "ms"), cost.Milliseconds)),
            .. costs.Select(cost => new Figure(new Subject(cost.What + ", processor time", "ms"), cost.ProcessorMilliseconds)),
        ];
    }
}
