using System.Globalization;
using System.Text.Json;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>A hook with a firewall on it, and packets that meet it all the time: some it must drop, some it must let through.</summary>
internal sealed class GuardedTraffic : IDisposable
{
    // 7007 is 5f 1b, low byte first, for UDP.
    private const string Blocked = "7007";
    private static readonly string[] BlockedKey = ["5f", "1b", "11", "00"];
    private const string Allowed = "8008";
    private const string Address = "10.99.0.1";
    private const string PauseUs = "2000";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly NetNamespace _far;
    private readonly LineProcess _receiver;
    private readonly LineProcess _sender;

    private GuardedTraffic(Stage stage, NetNamespace far)
    {
        Stage = stage;
        _far = far;
        var (near, other) = (stage.Pair.Left, stage.Pair.Right);
        stage.Pair.AddAddresses($"{Address}/24", "10.99.0.2/24");
        other.Run("ip", "neigh", "replace", Address, "lladdr", near.ReadMac(), "dev", other.Name).OrFail();
        var traffic = DriverProgram.PathOf("traffic");
        _receiver = new LineProcess("receiver", new ToolRequest(traffic, "receive", Blocked, Allowed));
        _receiver.WaitUntilReady();
        _sender = new LineProcess("sender", far.Wrap(new ToolRequest(traffic, "send", Address, Blocked, Allowed, PauseUs)));
        _sender.WaitUntilReady();
    }

    /// <summary>The hook.</summary>
    public Stage Stage { get; }

    /// <summary>Program id of the firewall.</summary>
    public uint Firewall { get; private init; }

    /// <summary>Loads the firewall, then starts the packets.</summary>
    /// <param name="others">More interfaces that get it, and share its dispatcher.</param>
    public static async Task<GuardedTraffic> Start(params string[] others)
    {
        var far = new NetNamespace();
        var stage = new Stage(right: far);
        var loaded = await stage.LoadOnAll([stage.Interface, .. others], "firewall");
        var firewall = loaded.Interfaces[0].Result!.Programs.Single().Id.Value;
        Tool.Run("bpftool", ["map", "update", "id", MapOf(firewall, "blocked_ports"), "key", "hex", .. BlockedKey,
            "value", "hex", "0", "0", "0", "0", "0", "0", "0", "0"]).OrFail();
        return new GuardedTraffic(stage, far) { Firewall = firewall };
    }

    /// <summary>Stops the packets: none that the firewall drops has come through, and none of the others is lost.</summary>
    /// <returns>How many were sent to each port.</returns>
    public async Task<long> StopAndJudge()
    {
        var sent = _sender.Ask("stop");
        var end = DateTime.UtcNow + Patience;
        LineAnswer received;
        while ((received = _receiver.Ask("count")).Number("second") < sent.Number("second") && DateTime.UtcNow < end)
            await Task.Delay(50, Stage.Cancellation);
        Assert.Equal((0, sent.Number("second")), (received.Number("first"), received.Number("second")));
        Assert.NotEqual(0, sent.Number("first"));
        return sent.Number("first");
    }

    public void Dispose()
    {
        _sender.Dispose();
        _receiver.Dispose();
        Stage.Dispose();
        _far.Dispose();
    }

    private static string MapOf(uint program, string name)
    {
        using var json = JsonDocument.Parse(Tool.Run("bpftool", "-j", "prog", "show", "id", $"{program}").OrFail().Output);
        return json.RootElement.GetProperty("map_ids").EnumerateArray()
            .Select(map => map.GetInt32().ToString(CultureInfo.InvariantCulture))
            .Single(id => Tool.Run("bpftool", "map", "show", "id", id).OrFail().Output.Contains($"name {name}", StringComparison.Ordinal));
    }
}
