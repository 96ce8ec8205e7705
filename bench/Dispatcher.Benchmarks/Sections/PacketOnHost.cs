using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Packets;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Dispatchers with bodies in their stubs, on this machine's kernel.</summary>
internal sealed class PacketOnHost : Section
{
    private const int RunsPerTurn = 1_000_000;

    // A chain of one or two takes less than the noise of a machine that does other things; the VM counts it exactly.
    private const int LeastTimed = 5;

    private static readonly (DispatcherFlavour Flavour, string Name)[] Flavours =
        [(DispatcherFlavour.Specialised, "specialised"), (DispatcherFlavour.Generic, "generic")];

    /// <inheritdoc/>
    public override string Name => "packet";

    /// <inheritdoc/>
    public override string Title => "Per packet, this machine's kernel (stubs that return XDP_PASS stand for components; time net of an empty program)";

    /// <inheritdoc/>
    public override Place Place => Place.Host;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        using var runner = new TestRunner(bench);
        var empty = runner.Load(bench.DirectObject(0));
        var entries = Bench.ChainLengths.ToDictionary(components => components, components => LoadAll(bench, runner, components));
        return
        [
            .. Bench.ChainLengths.Where(components => components >= LeastTimed).SelectMany(components => Contest.Run(Title, bench.Rounds(25), Contenders(
                entries[components], components, "time", "ns", program => runner.Run(program, RunsPerTurn) - runner.Run(empty, RunsPerTurn)))),
            .. Sizes(entries, "instructions run in the entry", "insns", program => PathCounter.Count(program)),
            .. Sizes(entries, "translated", "bytes", program => program.TranslatedBytes),
            .. Sizes(entries, "jited", "bytes", program => program.JitedBytes),
        ];
    }

    private IEnumerable<Row> Sizes(
        Dictionary<int, List<Entry>> entries, string what, string unit, Func<RunnableProgram, double> figure) =>
        entries.SelectMany(chain => Contest.Run(Title, 1, Contenders(chain.Value, chain.Key, what, unit, figure)));

    private static List<Entry> LoadAll(Bench bench, TestRunner runner, int components)
    {
        var entries = new List<Entry>();
        foreach (var (flavour, name) in Flavours)
        {
            var path = bench.Write($"ours-{name}-{components}.o", StandIn.FillStubs(Bench.Generate(components, flavour).WriteElf()));
            entries.Add(new Entry(Role.Ours, name, runner.Load(path)));
        }

        foreach (var peer in bench.Peers)
        {
            var file = File.ReadAllBytes(Path.Combine(peer.ObjectFolder, "xdp-dispatcher.o"));
            var path = bench.Write($"libxdp-{peer.Version}-{components}.o", StandIn.FillStubs(StandIn.Configure(file, Bench.SpecOf(components))));
            entries.Add(new Entry(Role.Peer, peer.Name, runner.Load(path)));
        }

        entries.Add(new Entry(Role.Limit, "direct calls", runner.Load(bench.DirectObject(components))));
        return entries;
    }

    // Peers and limit have one program for both flavours of ours.
    private static List<Contender> Contenders(
        List<Entry> entries, int components, string what, string unit, Func<RunnableProgram, double> figure) =>
        [.. entries.Select(entry => new Contender(entry.Role, entry.Name, () => FiguresOf(entry, components, what, unit, figure(entry.Program))))];

    private static IEnumerable<Figure> FiguresOf(Entry entry, int components, string what, string unit, double value) =>
        from flavour in Flavours
        where entry.Role != Role.Ours || entry.Name == flavour.Name
        select new Figure(new Subject($"{what}, {flavour.Name}", unit, components), value);

    private sealed record Entry(Role Role, string Name, RunnableProgram Program);
}
