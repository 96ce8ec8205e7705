using System.Globalization;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>A chain whose interface gets the UDP packets of the test and nothing else: both ends know each other's address.</summary>
internal sealed class QuietPair : IDisposable
{
    /// <summary>A port that the firewall is told to block, in decimal and as the first two bytes of its map's key.</summary>
    public const int BlockedPort = 53;

    /// <summary>A port that it passes.</summary>
    public const int OpenPort = 54;

    private const string Receiver = "10.77.0.1";
    private const string Sender = "10.77.0.2";
    private readonly NetNamespace _outside = new();

    public QuietPair()
    {
        Chain = new ChainFixture(_outside);
        Chain.Pair.AddAddresses(Receiver + "/24", Sender + "/24");
        Know(Chain.Pair.Left, Sender, Chain.Pair.Right);
        Know(Chain.Pair.Right, Receiver, Chain.Pair.Left);
    }

    public ChainFixture Chain { get; }

    /// <summary>Sends UDP packets to the interface of the chain; they have been judged when this returns, since a veth has no queue.</summary>
    public void Send(int port, int count) => Chain.Pair.Right.Run(
        "bash", "-c", string.Create(CultureInfo.InvariantCulture, $"exec 3>/dev/udp/{Receiver}/{port}; for ((i = 0; i < {count}; i++)); do printf x{port} >&3 || printf x{port} >&3; done")).OrFail();

    /// <summary>Has the firewall drop UDP to <see cref="BlockedPort"/>.</summary>
    public static void Block(uint firewall) => Tool.Run(
        "bpftool", "map", "update", "id", ComponentMaps.MapOf(firewall, "blocked_ports"),
        "key", "hex", "35", "00", "11", "00", "value", "hex", "0", "0", "0", "0", "0", "0", "0", "0").OrFail();

    public void Dispose()
    {
        Chain.Dispose();
        _outside.Dispose();
    }

    private static void Know(VethEnd end, string address, VethEnd other) =>
        end.Run("ip", "neigh", "replace", address, "lladdr", other.ReadMac(), "dev", end.Name, "nud", "permanent").OrFail();
}
