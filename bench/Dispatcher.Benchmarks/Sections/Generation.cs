using System.Diagnostics;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>A dispatcher object from a spec: by our generator, and by clang from the C twin of the same spec.</summary>
internal sealed class Generation : Section
{
    private const int ObjectsPerTurn = 1000;
    private const int WarmUpTurns = 15;

    private static readonly int[] Lengths = [1, 10];

    /// <inheritdoc/>
    public override string Name => "generation";

    /// <inheritdoc/>
    public override string Title => "Generation of one dispatcher object (peer: a run of clang over the C twin)";

    /// <inheritdoc/>
    public override Place Place => Place.Host;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench) =>
        from flavour in Enum.GetValues<DispatcherFlavour>()
        from components in Lengths
        from row in Measure(bench, Bench.SpecOf(components, flavour), flavour == DispatcherFlavour.Generic ? "generic" : "specialised")
        select row;

    private IEnumerable<Row> Measure(Bench bench, DispatcherSpec spec, string flavour)
    {
        var time = new Subject($"time, {flavour}", "us", spec.Slots.Length);
        var memory = new Subject($"allocated, {flavour}", "bytes", spec.Slots.Length);
        var source = bench.Write($"twin-{flavour}-{spec.Slots.Length}.c", System.Text.Encoding.UTF8.GetBytes(DispatcherSource.Render(spec)));
        var clang = new ToolRequest("clang", "-O2", "-g", "-target", "bpf", "-isystem", "/usr/include/x86_64-linux-gnu", "-c", source, "-o", source + ".o");
        // Until the runtime has compiled it for the last time.
        for (var turn = 0; turn < WarmUpTurns; turn++)
            Generate(spec, time, memory);
        return Contest.Run(Title, bench.Rounds(15),
        [
            new Contender(Role.Ours, "generator", () => Generate(spec, time, memory)),
            new Contender(Role.Peer, "clang", time, () => 1000 * clang.Milliseconds()),
        ]);
    }

    private static IEnumerable<Figure> Generate(DispatcherSpec spec, Subject time, Subject memory)
    {
        var sizeBytes = 0L;
        var allocated = GC.GetAllocatedBytesForCurrentThread();
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < ObjectsPerTurn; i++)
            sizeBytes += DispatcherGenerator.Generate(spec).WriteElf().Length;
        var elapsed = Stopwatch.GetElapsedTime(start);
        allocated = GC.GetAllocatedBytesForCurrentThread() - allocated;
        if (sizeBytes == 0)
            throw new InvalidOperationException("The generator made nothing.");
        return [new Figure(time, elapsed.TotalMicroseconds / ObjectsPerTurn), new Figure(memory, (double)allocated / ObjectsPerTurn)];
    }
}
