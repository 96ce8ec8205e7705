using System.Globalization;
using System.Text.Json;
using Dispatcher.Benchmarks.Changes;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>The same chain on many interfaces.</summary>
/// <remarks>
/// Ours is one command for all of them, from start to exit, and one call of the library in a process that stays; libxdp is asked for one interface
/// after the other, in a process that stays.
/// The limit puts a program that is loaded already on each, and does nothing else.
/// </remarks>
internal sealed class ManyInterfaces : Section
{
    private const int ChainLength = 2;
    private static readonly int[] Counts = [1, 10, 100, 500];

    /// <inheritdoc/>
    public override string Name => "many";

    /// <inheritdoc/>
    public override string Title => "The same chain of two on many interfaces (xdp-dispatch: a command, from start to exit; libxdp: calls in a process that stays; limit: one ip -batch that swaps a loaded program)";

    /// <inheritdoc/>
    public override Place Place => Place.Vm;

    /// <inheritdoc/>
    public override IEnumerable<Row> Run(Bench bench)
    {
        using var library = bench.OurActor().Start();
        var peers = bench.Peers.Select(peer => (Release: peer, Actor: bench.PeerActor(peer).Start())).ToList();
        try
        {
            return [.. Counts.Where(count => count < 100 || !bench.IsQuick).SelectMany(count => Run(bench, library, peers, count))];
        }
        finally
        {
            peers.ForEach(peer => peer.Actor.Dispose());
        }
    }

    private List<Row> Run(Bench bench, LineProcess library, List<(Peer Release, LineProcess Actor)> peers, int count)
    {
        using var nics = new Nics(count);
        string[] names = [.. nics.Names];
        using var swaps = new SwapsAlone(bench, names);
        Console.Error.WriteLine($"      {Interfaces(count)}");
        return [.. Contest.Run(Title, bench.Rounds(count switch { < 100 => 15, 100 => 9, _ => 3 }),
        [
            new Contender(Role.Ours, "xdp-dispatch", () => Ours(bench, library, names)),
            .. peers.Select(peer => new Contender(Role.Peer, peer.Release.Name, () => Theirs(bench, peer.Release, peer.Actor, names))),
            new Contender(Role.Limit, "limit", () => Alone(swaps, names)),
        ], areWarm: count > 100)];
    }

    private static IEnumerable<Figure> Ours(Bench bench, LineProcess library, string[] names)
    {
        var all = string.Join(',', names);
        var objects = string.Join(' ', Enumerable.Repeat(bench.PassObject, ChainLength));
        yield return Timed("load on all, in a process that stays", names, () => MillisecondsOf(library, $"attach-all {all} native - {objects}"));
        yield return Timed("add a third to all, in a process that stays", names, () => MillisecondsOf(library, $"attach-all {all} native - {bench.PassObject}"));
        yield return Timed("empty all, in a process that stays", names, () => MillisecondsOf(library, $"detach-all {all}"));
        yield return Timed("load on all", names, () => new ToolRequest(bench.Tool, "load", all, bench.PassObject, bench.PassObject, "-m", "native").Milliseconds());
        yield return Programs(bench, names);
        yield return Timed("status of all", names, () => new ToolRequest(bench.Tool, "status").Milliseconds());
        yield return Timed("add a third to all", names, () => new ToolRequest(bench.Tool, "load", all, bench.PassObject).Milliseconds());
        yield return Timed("empty all", names, () => new ToolRequest(bench.Tool, "unload", all, "--all").Milliseconds());
    }

    private static IEnumerable<Figure> Theirs(Bench bench, Peer peer, LineProcess actor, string[] names)
    {
        var objects = string.Join(' ', Enumerable.Repeat(bench.PassObject, ChainLength));
        var load = Sum(actor, names, name => $"attach {name} native - {objects}");
        yield return Of("load on all, in a process that stays", names, load);
        yield return Of("load on all", names, load);
        yield return Programs(bench, names);
        yield return Timed("status of all", names, () => peer.Command("xdp-loader", "status").Milliseconds());
        var third = Sum(actor, names, name => $"attach {name} native - {bench.PassObject}");
        yield return Of("add a third to all, in a process that stays", names, third);
        yield return Of("add a third to all", names, third);
        var empty = Sum(actor, names, name => $"detach {name} all");
        yield return Of("empty all, in a process that stays", names, empty);
        yield return Of("empty all", names, empty);
    }

    private static IEnumerable<Figure> Alone(SwapsAlone swaps, string[] names)
    {
        yield return Timed("load on all", names, () => swaps.Put(0));
        yield return Timed("add a third to all", names, () => swaps.Put(1));
        yield return Timed("empty all", names, () => swaps.Empty());
    }

    private static double Sum(LineProcess actor, string[] names, Func<string, string> command)
    {
        Moment.AtRandom();
        return names.Sum(name => MillisecondsOf(actor, command(name)));
    }

    private static double MillisecondsOf(LineProcess actor, string command) => actor.Ask(command).OrFail().Number("ns") / 1e6;

    // Dispatchers and components that the chains hold, each once.
    private static Figure Programs(Bench bench, string[] names)
    {
        using var hooks = JsonDocument.Parse(new ToolRequest(bench.Tool, "status", "--json").Run().Output);
        var chains = hooks.RootElement.EnumerateArray().Where(hook => names.Contains(hook.GetProperty("ifname").GetString())).ToList();
        var ids = chains.SelectMany(hook => hook.GetProperty("programs").EnumerateArray().Append(hook.GetProperty("dispatcher"))).Select(program => program.GetProperty("id").GetUInt32());
        return new Figure(SubjectOf("programs in the kernel", "programs", names), ids.Distinct().Count());
    }

    private static Figure Timed(string what, string[] names, Func<double> milliseconds)
    {
        Moment.AtRandom();
        return Of(what, names, milliseconds());
    }

    private static Figure Of(string what, string[] names, double milliseconds) => new(SubjectOf(what, "ms", names), milliseconds);

    private static Subject SubjectOf(string what, string unit, string[] names) => new($"{what}, {Interfaces(names.Length)}", unit);

    private static string Interfaces(int count) => string.Create(CultureInfo.InvariantCulture, $"{count} interface{(count == 1 ? "" : "s")}");
}
