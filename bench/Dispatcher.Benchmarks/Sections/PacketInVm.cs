using Dispatcher.Benchmarks.Changes;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Packets;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Chains as they are in use: dispatchers on an interface, with components attached by whoever made them.</summary>
internal sealed class PacketInVm : Section
{
    private const int RunsPerTurn = 100_000;

    /// <inheritdoc/>
    public override string Name => "packet";

    /// <inheritdoc/>
    public override string Title => "Per packet, components attached (chains that ours and libxdp made; generic: libxdp with our object; with what the kernel needs to begin a run: under emulation a difference would drown)";

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
        IEnumerable<Figure> Figures(RunnableProgram program, params Subject[] subjects)
        {
            var time = runner.Run(program, RunsPerTurn);
            return subjects.Select(subject => new Figure(subject, time));
        }

        List<Contender> contenders = [];
        foreach (var owner in owners)
        {
            var program = runner.Open(owner.AttachAll(bench.PassObject, components));
            Subject[] subjects = owner.Role == Role.Peer ? [specialised, generic] : owner.Name == "generic" ? [generic] : [specialised];
            contenders.Add(new Contender(owner.Role, owner.Name, () => Figures(program, subjects)));
        }

        var direct = runner.Load(bench.DirectObject(components));
        contenders.Add(new Contender(Role.Limit, "direct calls", () => Figures(direct, specialised, generic)));
        var rows = Contest.Run(Title, bench.Rounds(15), contenders);
        owners.ForEach(owner => owner.DetachAll());
        return rows;
    }

    // The newest libxdp takes the object that the environment names.
    private static Peers.Command GenericActor(Bench bench)
    {
        var peer = bench.Peers[^1];
        var version = StandIn.VersionOf(File.ReadAllBytes(Path.Combine(peer.ObjectFolder, "xdp-dispatcher.o")));
        var generated = Compiler.Emit.DispatcherGenerator.Generate(new DispatcherSpec(version, [], DispatcherFlavour.Generic));
        bench.Write("xdp-dispatcher.o", generated.WriteElf());
        var command = bench.PeerActor(peer);
        command.Environment["LIBXDP_OBJECT_PATH"] = bench.Work;
        return command;
    }
}
