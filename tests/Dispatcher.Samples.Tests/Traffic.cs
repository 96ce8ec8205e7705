using System.Net;
using System.Net.Sockets;
using Dispatcher.Testing;

namespace Dispatcher.Samples.Tests;

/// <summary>Packets that meet the hook all the time, to a port that is blocked and to one that is not, each counted where it leaves and where it arrives.</summary>
internal sealed class Traffic : IDisposable
{
    /// <summary>UDP port that the firewall blocks.</summary>
    public const ushort Blocked = 7007;

    /// <summary>Where the packets come from.</summary>
    public const string Source = "10.99.0.2";

    private const string Target = "10.99.0.1";
    private const ushort Allowed = 8008;
    private const ushort FirstScanned = 20000;
    private const int ScannedPorts = 64;
    private const int ReceiveBufferBytes = 1 << 20;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(2);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private readonly Socket _sender;
    private readonly Socket _blocked = Listen(Blocked);
    private readonly Socket _allowed = Listen(Allowed);
    private readonly List<Thread> _threads = [];
    private long _blockedSent;
    private long _allowedSent;
    private long _scanned;
    private long _blockedReceived;
    private long _allowedReceived;
    private volatile bool _isEnding;

    /// <summary>Begins to send.</summary>
    /// <param name="far">Where the packets come from.</param>
    /// <param name="pair">Its right end is there; the hook is on the left one.</param>
    public Traffic(NetNamespace far, VethPair pair)
    {
        pair.Right.Run("ip", "neigh", "replace", Target, "lladdr", pair.Left.ReadMac(), "dev", pair.Right.Name).OrFail();
        // Not connected: an answer "port unreachable" must not make the next packet fail.
        _sender = far.Inside(() => new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp));
        Start(Send);
        Start(() => Receive(_blocked, ref _blockedReceived));
        Start(() => Receive(_allowed, ref _allowedReceived));
    }

    /// <summary>Packets sent to the blocked port.</summary>
    public long BlockedSent => Volatile.Read(ref _blockedSent);

    /// <summary>Packets sent to the other port.</summary>
    public long AllowedSent => Volatile.Read(ref _allowedSent);

    /// <summary>Packets sent to ports that nobody listens on.</summary>
    public long Scanned => _scanned;

    /// <summary>Gives both ends their addresses.</summary>
    public static void AddAddresses(VethPair pair) => pair.AddAddresses($"{Target}/24", $"{Source}/24");

    /// <summary>Tries many ports at once, as a scanner does.</summary>
    public void Scan()
    {
        for (var port = FirstScanned; port < FirstScanned + ScannedPorts; port++, _scanned++)
            SendTo(port);
    }

    /// <summary>So far none of the packets to the blocked port has come through, and packets of both kinds are sent.</summary>
    public void CheckSoFar()
    {
        Assert.Equal(0, Volatile.Read(ref _blockedReceived));
        var (blocked, allowed) = (BlockedSent, AllowedSent);
        Assert.True(SpinWait.SpinUntil(() => BlockedSent > blocked && AllowedSent > allowed, Patience), "No packets are sent any more.");
    }

    /// <summary>Stops sending: none of the packets to the blocked port has come through, and none of the others is lost.</summary>
    public void StopAndJudge()
    {
        _isEnding = true;
        _threads[0].Join();
        SpinWait.SpinUntil(() => Volatile.Read(ref _allowedReceived) >= AllowedSent, Patience);
        Assert.Equal((0, AllowedSent), (Volatile.Read(ref _blockedReceived), Volatile.Read(ref _allowedReceived)));
        Assert.NotEqual(0, BlockedSent);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _isEnding = true;
        _blocked.Dispose();
        _allowed.Dispose();
        foreach (var thread in _threads)
            thread.Join();
        _sender.Dispose();
    }

    private static Socket Listen(ushort port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = ReceiveBufferBytes };
        socket.Bind(new IPEndPoint(IPAddress.Parse(Target), port));
        return socket;
    }

    private void Start(ThreadStart work)
    {
        var thread = new Thread(work) { IsBackground = true };
        thread.Start();
        _threads.Add(thread);
    }

    private void Send()
    {
        while (!_isEnding)
        {
            SendTo(Blocked);
            Interlocked.Increment(ref _blockedSent);
            SendTo(Allowed);
            Interlocked.Increment(ref _allowedSent);
            Thread.Sleep(Pause);
        }
    }

    // Throws when the kernel refuses a packet, which ends the test run: what was counted was sent.
    private void SendTo(ushort port) => _sender.SendTo([1], new IPEndPoint(IPAddress.Parse(Target), port));

    private static void Receive(Socket socket, ref long received)
    {
        var packet = new byte[16];
        try
        {
            while (true)
            {
                socket.Receive(packet);
                Interlocked.Increment(ref received);
            }
        }
        catch (SocketException)
        {
            // It is disposed: the test is over.
        }
        catch (ObjectDisposedException)
        {
            // The same, a moment later.
        }
    }
}
