using System.Globalization;
using System.Net.NetworkInformation;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>What it takes to know the chains of many interfaces: once, and all the time.</summary>
/// <remarks>
/// The chains are there before the first turn, and everybody reads the same ones: those that we made, which share programs, then those of the oldest
/// libxdp, which every release reads. libxdp has nothing that watches; an application with it reads all of that again and again.
/// </remarks>
internal sealed class Reading : Section
{
    private const string NoLook = "86400";
    private static readonly TimeSpan UsualLook = TimeSpan.FromSeconds(10);

    // What a watch tells first: each interface, lo too.
    private static int AllInterfaces => NetworkInterface.GetAllNetworkInterfaces().Length;

    /// <inheritdoc/>
    public override string Name => "reading";

    /// <inheritdoc/>
    public override string Title => "Reading many interfaces, each with a chain of one (status: a command, from start to exit; watch: processor time of xdp-dispatch watch, user and system; idle: with its usual look every 10 s; per event: without)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        var count = bench.IsQuick ? 50 : 500;
        // Both ends have a chain, so these are all interfaces that there are.
        using var nics = new Nics(count / 2);
        string[] names = [.. nics.Names, .. nics.FarNames];
        new ToolRequest(bench.Tool, "load", string.Join(',', names), bench.PassObject, "-m", "native").Run();
        List<Row> rows = [.. Status(bench, names, "ours"), .. Watch(bench, names)];
        new ToolRequest(bench.Tool, "unload", string.Join(',', names), "--all").Run();

        using var actor = bench.PeerActor(bench.Peers[0]).Start();
        foreach (var name in names)
            actor.Ask($"attach {name} native - {bench.PassObject}").OrFail();
        rows.AddRange(Status(bench, names, bench.Peers[0].Name));
        // An interface that goes leaves its pins, and those of five hundred are in the way of what is measured next.
        new ToolRequest(bench.Tool, "unload", string.Join(',', names), "--all").Run();
        return rows;
    }

    private IEnumerable<Row> Status(Bench bench, string[] names, string maker)
    {
        var subject = new Subject($"status of {Interfaces(names)}, chains made by {maker}", "ms");
        return Contest.Run(Title, bench.Rounds(5),
        [
            new Contender(Role.Ours, "xdp-dispatch", subject, () => new ToolRequest(bench.Tool, "status").Milliseconds()),
            .. bench.Peers.Select(peer => new Contender(Role.Peer, peer.Name, subject, () => peer.Command("xdp-loader", "status").Milliseconds())),
        ]);
    }

    private IEnumerable<Row> Watch(Bench bench, string[] names)
    {
        using var actor = bench.OurActor().Start();
        return [.. Contest.Run(Title, 3, [new Contender(Role.Ours, "xdp-dispatch", () => WatchOnce(bench, names, actor))])];
    }

    private static IEnumerable<Figure> WatchOnce(Bench bench, string[] names, LineProcess actor)
    {
        using (var idle = new Watcher(new ToolRequest(bench.Tool, "watch", "--json")))
        {
            idle.Read(AllInterfaces);
            var begin = idle.ProcessorTime;
            // Processor time is told in hundredths of a second.
            var looks = bench.IsQuick ? 3 : 30;
            Thread.Sleep(looks * UsualLook);
            yield return new Figure(new Subject($"watch of {Interfaces(names)}, idle, per second", "ms"), (idle.ProcessorTime - begin).TotalMilliseconds / (looks * UsualLook.TotalSeconds));
        }

        // One at a time: several at once may be told as one.
        using var watcher = new Watcher(new ToolRequest(bench.Tool, "watch", "--json", "--interval", NoLook));
        watcher.Read(AllInterfaces);
        var start = watcher.ProcessorTime;
        var changed = names.Where((_, index) => index % 10 == 0).ToList();
        foreach (var name in changed)
        {
            var id = actor.Ask($"attach {name} - - {bench.PassObject}").OrFail().Value("ids");
            watcher.Read(1);
            actor.Ask($"detach {name} {id}").OrFail();
            watcher.Read(1);
        }

        yield return new Figure(new Subject($"watch of {Interfaces(names)}, per event", "ms"), (watcher.ProcessorTime - start).TotalMilliseconds / (2 * changed.Count));
    }

    private static string Interfaces(string[] names) => string.Create(CultureInfo.InvariantCulture, $"{names.Length} interfaces");
}
