using System.Globalization;
using System.Text.Json;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>Packets as fast as one process sends them to a hook, and what the kernel dropped of them before they met it.</summary>
internal sealed class Flood : IDisposable
{
    private const string Address = "10.99.0.1";
    // Nobody's, so that the stack drops them behind the hook and answers nothing.
    private const string Mac = "02:00:00:00:00:99";

    private readonly VethPair _pair;
    private readonly LineProcess _sender;
    private readonly QueueDrops _before;

    /// <summary>Starts it.</summary>
    /// <param name="pair">The hook is on the left end; the right end is in a namespace of its own.</param>
    public Flood(VethPair pair)
    {
        _pair = pair;
        var far = pair.Right;
        far.AddAddress("10.99.0.2/24");
        far.Run("ip", "neigh", "replace", Address, "lladdr", Mac, "dev", far.Name).OrFail();
        _before = ReadDrops();
        _sender = new LineProcess("sender", far.Namespace!.Wrap(new ToolRequest(DriverProgram.PathOf("traffic"), "send", Address, "7007", "8008", "0")));
        _sender.WaitUntilReady();
    }

    /// <summary>Ends it.</summary>
    /// <returns>Packets that the sender handed to the kernel, and those that it dropped since the start.</returns>
    public (long Sent, QueueDrops Drops) Stop()
    {
        var answer = _sender.Ask("stop");
        var now = ReadDrops();
        return (answer.Number("first") + answer.Number("second"), now.Since(_before));
    }

    public void Dispose() => _sender.Dispose();

    private QueueDrops ReadDrops() => new(Dropped(_pair.Right, "tx"), Dropped(_pair.Left, "rx"), File.ReadLines("/proc/net/softnet_stat").Sum(DroppedBy));

    private static long Dropped(VethEnd end, string direction)
    {
        using var json = JsonDocument.Parse(end.Run("ip", "-s", "-j", "link", "show", "dev", end.Name).OrFail().Output);
        return json.RootElement[0].GetProperty("stats64").GetProperty(direction).GetProperty("dropped").GetInt64();
    }

    // A line per processor, in hex: packets, dropped, ...
    private static long DroppedBy(string line) => long.Parse(line.Split(' ')[1], NumberStyles.HexNumber, CultureInfo.InvariantCulture);
}

/// <summary>Packets dropped for a full queue, by three counters of the kernel. One packet may be in several.</summary>
/// <param name="Sender">By the end that sends: the queue of the other end took no more.</param>
/// <param name="Hook">By the end with the hook.</param>
/// <param name="Backlog">By the backlogs of all processors.</param>
internal sealed record QueueDrops(long Sender, long Hook, long Backlog)
{
    /// <summary>Those since an earlier reading.</summary>
    public QueueDrops Since(QueueDrops earlier) => new(Sender - earlier.Sender, Hook - earlier.Hook, Backlog - earlier.Backlog);
}
