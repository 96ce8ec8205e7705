using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Memory of a process with the library in it.</summary>
internal sealed class MemoryUse : Section
{
    private const string NativeCode = ", ours in native code";
    private static readonly TimeSpan Idle = TimeSpan.FromSeconds(2);

    /// <inheritdoc/>
    public override string Name => "memory";

    /// <inheritdoc/>
    public override string Title => "Memory of an application with the library in it (resident: idle, after its first attach; ours: self-contained .NET, or the same in native code, libxdp: a program in C; allocated: on the managed heap, by one change)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench) =>
    [
        .. Contest.Run(Title, bench.Rounds(13),
        [
            new Contender(Role.Ours, "ours", () => [.. Figures("", Resident(bench, bench.OurActor())), .. Figures(NativeCode, Resident(bench, bench.OurNativeActor()))]),
            .. bench.Peers.Select(peer => new Contender(Role.Peer, peer.Name, () => OfPeer(Resident(bench, bench.PeerActor(peer))))),
        ]),
        .. Allocated(bench),
    ];

    private static ProcessMemory Resident(Bench bench, ToolRequest command)
    {
        using var nic = new Nic();
        using var application = command.Start();
        application.Ask($"attach {nic.Name} native - {bench.PassObject}").OrFail();
        Thread.Sleep(Idle);
        return ProcessMemory.Of(application.ProcessId);
    }

    private static IEnumerable<Figure> OfPeer(ProcessMemory memory) => [.. Figures("", memory), .. Figures(NativeCode, memory)];

    private static IEnumerable<Figure> Figures(string how, ProcessMemory memory) =>
    [
        new(new Subject($"resident, all{how}", "KiB"), memory.Rss),
        new(new Subject($"resident, shared pages in part{how}", "KiB"), memory.Pss),
        new(new Subject($"resident, of no file{how}", "KiB"), memory.Anonymous),
    ];

    private List<Row> Allocated(Bench bench)
    {
        using var nic = new Nic();
        using var application = bench.OurActor().Start();
        return [.. Contest.Run(Title, bench.Rounds(5), [new Contender(Role.Ours, "ours", () => UpAndDown(bench, nic, application))])];
    }

    private static IEnumerable<Figure> UpAndDown(Bench bench, Nic nic, LineProcess application)
    {
        var ids = new Stack<string>();
        for (var length = 1; length <= DispatcherLimits.MaxSlots; length++)
        {
            var answer = application.Ask($"attach {nic.Name} native - {bench.PassObject}").OrFail();
            ids.Push(answer.Value("ids"));
            if (Bench.ChainLengths.Contains(length))
                yield return new Figure(new Subject("allocated, attach the k-th", "bytes", length), answer.Number("allocated"));
        }

        for (var length = DispatcherLimits.MaxSlots; length > 0; length--)
        {
            var answer = application.Ask($"detach {nic.Name} {ids.Pop()}").OrFail();
            if (Bench.ChainLengths.Contains(length))
                yield return new Figure(new Subject("allocated, detach one of k", "bytes", length), answer.Number("allocated"));
        }
    }
}
