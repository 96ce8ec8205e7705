using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Dispatcher.Samples.Traffic;

/// <summary>Sends without pause and counts exactly what the kernel took.</summary>
internal static class UdpSender
{
    // A packet counts against its socket until the receiving NIC is done with it, so a small buffer makes the sender
    // wait for a slow receiver instead of overrunning the 256 places of a veth's ring.
    private const int SendBufferBytes = 4096;

    public static SendReport Run(SendRequest request, CancellationToken stop)
    {
        var payload = new byte[request.SizeBytes];
        var targets = request.Ports.Select(port => new IPEndPoint(request.Target, port).Serialize()).ToArray();
        var sentPerPort = new long[targets.Length];
        var sockets = Enumerable.Range(0, request.Sockets).Select(_ => Open(request.Target)).ToArray();

        var clock = Stopwatch.StartNew();
        for (var round = 0L; !stop.IsCancellationRequested; round++)
        {
            var port = (int)(round % targets.Length);
            var socket = sockets[round / targets.Length % sockets.Length];
            // Throws when the kernel refuses a packet: what was counted was sent.
            socket.SendTo(payload, SocketFlags.None, targets[port]);
            sentPerPort[port]++;
        }

        var elapsed = clock.Elapsed;
        foreach (var socket in sockets)
            socket.Dispose();
        return new SendReport(
            sentPerPort.Sum(), elapsed.TotalSeconds, [.. request.Ports.Zip(sentPerPort, (port, sent) => new PortReport(port, sent))]);
    }

    // Not connected: an answer "port unreachable" must not make the next packet fail.
    private static Socket Open(IPAddress target) =>
        new(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp) { SendBufferSize = SendBufferBytes };
}
