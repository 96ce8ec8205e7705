using System.Buffers;
using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Requests to rtnetlink, and all that the kernel answers to each. Safe to use from several threads.</summary>
/// <remarks>
/// A socket carries one request at a time, so no two threads share an answer, and is used again once its answer was read to the end.
/// It stays in the network namespace where it was made; a thread may be in another one, so it is used again by its own thread only.
/// </remarks>
/// <param name="network">Where to ask, borrowed; null: in the network namespace of the calling thread.</param>
internal sealed class NetlinkExchange(NetworkNamespace? network)
{
    internal const uint Sequence = 1;

    private const int FirstBufferBytes = 32 * 1024;
    private const int MaxBufferBytes = 4 * 1024 * 1024;
    private const int MaxRepeats = 32;

    private Idle? _idle;

    /// <summary>Sends a request and reads until its acknowledgement or, for a dump, until its end.</summary>
    /// <param name="operation">For errors.</param>
    /// <param name="request">A whole message with <see cref="Sequence"/>; a question, which may be asked again.</param>
    /// <returns>Links that were answered, and the acknowledgement.</returns>
    public LinkAnswer Ask(string operation, ReadOnlySpan<byte> request)
    {
        var bufferBytes = FirstBufferBytes;
        for (var repeat = 0; repeat < MaxRepeats; repeat++)
        {
            var answer = Exchange(operation, request, bufferBytes);
            if (answer.NeededBytes > bufferBytes && bufferBytes < MaxBufferBytes)
                bufferBytes = Math.Min(Math.Max(answer.NeededBytes, 2 * bufferBytes), MaxBufferBytes);
            else if (!answer.IsInterrupted)
                return answer;
        }

        throw new KernelException(operation, Errno.EBUSY, null, "The list of interfaces went on changing while it was read; try again.");
    }

    /// <summary>Sends a request that changes something, once, and reads its acknowledgement.</summary>
    public NetlinkAck Tell(string operation, ReadOnlySpan<byte> request) => Exchange(operation, request, FirstBufferBytes).Ack;

    private LinkAnswer Exchange(string operation, ReadOnlySpan<byte> request, int bufferBytes)
    {
        NetlinkSocket? socket = TakeIdle() ?? network?.OpenSocket() ?? new NetlinkSocket();
        var buffer = ArrayPool<byte>.Shared.Rent(bufferBytes);
        try
        {
            socket.Send(request);
            var answer = Collect(operation, socket, buffer);
            // Of an answer that was cut, more may follow.
            if (answer.NeededBytes == 0 && Interlocked.CompareExchange(ref _idle, new Idle(socket, Thread.CurrentThread), null) is null)
                socket = null;
            return answer;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
            socket?.Dispose();
        }
    }

    private NetlinkSocket? TakeIdle()
    {
        if (Interlocked.Exchange(ref _idle, null) is not { } idle)
            return null;
        if (network is not null || idle.Thread == Thread.CurrentThread)
            return idle.Socket;
        idle.Socket.Dispose();
        return null;
    }

    private static LinkAnswer Collect(string operation, NetlinkSocket socket, byte[] buffer)
    {
        var links = ImmutableArray.CreateBuilder<InterfaceReading>();
        var isInterrupted = false;
        while (true)
        {
            var length = socket.Receive(buffer);
            if (length > buffer.Length)
                return new LinkAnswer([], default, IsInterrupted: true, NeededBytes: length);
            if (length == 0)
                throw new KernelException(operation, Errno.ENOLINK, "the kernel closed the netlink socket");
            if (ReadDatagram(buffer.AsSpan(0, length), links, ref isInterrupted) is { } answer)
                return answer;
        }
    }

    /// <summary>Reads one datagram of an answer: pure, over its bytes.</summary>
    /// <param name="datagram">As received.</param>
    /// <param name="links">Takes the links of it.</param>
    /// <param name="isInterrupted">Becomes true when the kernel says that the list changed while it was sent.</param>
    /// <returns>The whole answer, once its acknowledgement is there; null: another datagram follows.</returns>
    /// <exception cref="MalformedObjectException">A length that breaks its bounds, or an answer to another request.</exception>
    internal static LinkAnswer? ReadDatagram(ReadOnlySpan<byte> datagram, ImmutableArray<InterfaceReading>.Builder links, ref bool isInterrupted)
    {
        var reader = new NetlinkReader(datagram);
        while (reader.TryRead(out var message))
        {
            if (message.Sequence != Sequence)
                throw new MalformedObjectException(Netlink.Format, message.Offset, "an answer carries the sequence number of its request");
            isInterrupted |= (message.Flags & Netlink.NLM_F_DUMP_INTR) != 0;
            switch (message.Type)
            {
                case Netlink.RTM_NEWLINK:
                    links.Add(LinkReply.Read(message));
                    break;
                case Netlink.NLMSG_ERROR or Netlink.NLMSG_DONE:
                    var ack = LinkReply.ReadAck(message);
                    return new LinkAnswer(links.DrainToImmutable(), ack, isInterrupted || ack.Errno == Errno.EINTR, 0);
                default:
                    break;
            }
        }

        return null;
    }

    // Between two requests, with the thread that made it.
    private sealed record Idle(NetlinkSocket Socket, Thread Thread);
}

/// <summary>Everything the kernel answered to one request about links.</summary>
/// <param name="Links">Interfaces.</param>
/// <param name="Ack">How it ended.</param>
/// <param name="IsInterrupted">The list changed while it was sent (NLM_F_DUMP_INTR), or a datagram was cut: ask again.</param>
/// <param name="NeededBytes">Length of a datagram that did not fit, else 0.</param>
internal readonly record struct LinkAnswer(ImmutableArray<InterfaceReading> Links, NetlinkAck Ack, bool IsInterrupted, int NeededBytes);
