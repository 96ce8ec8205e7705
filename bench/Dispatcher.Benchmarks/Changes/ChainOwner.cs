using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>A process that changes the chain of an interface of its own and says how long each change took.</summary>
/// <param name="role">Ours, a peer or the limit.</param>
/// <param name="name">For the head of a column.</param>
/// <param name="command">What to start.</param>
internal sealed class ChainOwner(Role role, string name, ToolRequest command) : IDisposable
{
    private readonly Nic _nic = new();
    private readonly LineProcess _process = command.Start();

    /// <summary>Ours, a peer or the limit.</summary>
    public Role Role { get; } = role;

    /// <summary>For the head of a column.</summary>
    public string Name { get; } = name;

    /// <summary>Of the process.</summary>
    public int ProcessId => _process.ProcessId;

    /// <summary>Ours, every peer, and the limit if it is asked for.</summary>
    /// <param name="bench">What there is.</param>
    /// <param name="withLimit">Whether to have the limit too, which reads no chain but its own.</param>
    public static List<ChainOwner> All(Bench bench, bool withLimit)
    {
        List<ChainOwner> all =
        [
            new(Role.Ours, "ours", bench.OurActor()),
            .. bench.Peers.Select(peer => new ChainOwner(Role.Peer, peer.Name, bench.PeerActor(peer))),
        ];
        if (withLimit)
            all.Add(new ChainOwner(Role.Limit, "limit", ChangeLimit.Prepare(bench)));
        return all;
    }

    /// <summary>Attaches one component.</summary>
    /// <returns>Its program id, and what the call took in the process.</returns>
    public (long Id, ChangeCost Cost) Attach(string path)
    {
        var answer = _process.Ask($"attach {_nic.Name} native - {path}").OrFail();
        return (answer.Number("ids"), CostOf(answer));
    }

    /// <summary>Attaches several in one change.</summary>
    /// <returns>Id of the dispatcher.</returns>
    public long AttachAll(string path, int count)
    {
        _process.Ask($"attach {_nic.Name} native - {string.Join(' ', Enumerable.Repeat(path, count))}");
        return _process.Ask($"list {_nic.Name}").OrFail().Number("dispatcher");
    }

    /// <summary>Detaches a component.</summary>
    /// <returns>What the call took in the process.</returns>
    public ChangeCost Detach(long id) => CostOf(_process.Ask($"detach {_nic.Name} {id}").OrFail());

    /// <summary>Empties the chain.</summary>
    public void DetachAll() => _process.Ask($"detach {_nic.Name} all").OrFail();

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Dispose();
        _nic.Dispose();
    }

    private static ChangeCost CostOf(LineAnswer answer) => new(answer.Number("ns") / 1e6, answer.Number("cpu") / 1e6);
}

/// <summary>What a change took in the process that made it.</summary>
/// <param name="Milliseconds">From call to return.</param>
/// <param name="ProcessorMilliseconds">Processor time of all its threads meanwhile, in the kernel as well: without what it waited for.</param>
internal readonly record struct ChangeCost(double Milliseconds, double ProcessorMilliseconds);
