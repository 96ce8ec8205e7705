using Dispatcher.Benchmarks.Changes;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Packets;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Chains as they are in use: dispatchers on an interface, with components attached by whoever made them.</summary>
internal sealed class PacketInVm : Section
{
    private const int RunsPerTurn = 100_000;

    /// <inheritdoc/>
    public override string Name => "packet";

    /// <inheritdoc/>
    public override string Title => "Per packet, components attached (chains that ours and libxdp made; generic: libxdp with our object; time with what a run needs to begin; loaded anew for each turn)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        using var runner = new TestRunner(bench);
        var owners = ChainOwner.All(bench, withLimit: false);
        owners.Add(new ChainOwner(Role.Ours, "generic", GenericActor(bench)));
        try
        {
            return [.. Bench.ChainLengths.SelectMany(components => Measure(bench, runner, owners, components))];
        }
        finally
        {
            owners.ForEach(owner => owner.Dispose());
        }
    }

    private IEnumerable<Row> Measure(Bench bench, TestRunner runner, List<ChainOwner> owners, int components)
    {
        var specialised = new Subject("time, specialised", "ns", components);
        var generic = new Subject("time, generic", "ns", components);

        // Loaded anew for every turn: where its code lies matters to the emulator more than what it is.
        IEnumerable<Figure> Figures(RunnableProgram program, params Subject[] subjects)
        {
            var time = runner.Run(program, RunsPerTurn);
            runner.Close(program);
            return subjects.Select(subject => new Figure(subject, time));
        }

        IEnumerable<Figure> FiguresOf(ChainOwner owner)
        {
            Subject[] subjects = owner.Role == Role.Peer ? [specialised, generic] : owner.Name == "generic" ? [generic] : [specialised];
            var figures = Figures(runner.Open(owner.AttachAll(bench.PassObject, components)), subjects);
            owner.DetachAll();
            return figures;
        }

        return Contest.Run(Title, bench.Rounds(25),
        [
            .. owners.Select(owner => new Contender(owner.Role, owner.Name, () => FiguresOf(owner))),
            new Contender(Role.Limit, "direct calls", () => Figures(runner.Load(bench.DirectObject(components)), specialised, generic)),
        ]);
    }

    // The newest libxdp takes the object that the environment names.
    private static ToolRequest GenericActor(Bench bench)
    {
        var peer = bench.Peers[^1];
        var version = StandIn.VersionOf(File.ReadAllBytes(Path.Combine(peer.ObjectFolder, "xdp-dispatcher.o")));
        var generated = Compiler.Emit.DispatcherGenerator.Generate(new DispatcherSpec(version, [], DispatcherFlavour.Generic));
        bench.Write("xdp-dispatcher.o", generated.WriteElf());
        return bench.PeerActor(peer) with { Environment = new Dictionary<string, string?> { ["LIBXDP_OBJECT_PATH"] = bench.Work } };
    }
}
