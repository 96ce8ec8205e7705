using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>A connected NETLINK_ROUTE socket in the network namespace of the thread that made it.</summary>
/// <remarks>
/// Connected to the kernel, so that no other process can put a message in. Extended acknowledgements on, without
/// the request repeated in them.
/// </remarks>
internal sealed unsafe class NetlinkSocket : IDisposable
{
    private const int AddressSizeBytes = 12;

    private readonly OwnedFd _fd;

    public NetlinkSocket()
    {
        _fd = Libc.Socket(Netlink.AF_NETLINK, Netlink.SOCK_RAW_CLOEXEC, Netlink.NETLINK_ROUTE);
        if (_fd.IsInvalid)
            throw new KernelException("socket NETLINK_ROUTE", Marshal.GetLastPInvokeError());
        _fd = _fd.AboveStandardStreams();
        var on = 1;
        Libc.SetSocketOption(_fd, Netlink.SOL_NETLINK, Netlink.NETLINK_EXT_ACK, &on, sizeof(int));
        Libc.SetSocketOption(_fd, Netlink.SOL_NETLINK, Netlink.NETLINK_CAP_ACK, &on, sizeof(int));
        var address = stackalloc byte[AddressSizeBytes];
        new Span<byte>(address, AddressSizeBytes).Clear();
        *(ushort*)address = Netlink.AF_NETLINK;
        if (Libc.Connect(_fd, address, AddressSizeBytes) == 0)
            return;
        var errno = Marshal.GetLastPInvokeError();
        _fd.Dispose();
        throw new KernelException("connect NETLINK_ROUTE", errno);
    }

    /// <summary>Sends one request.</summary>
    public void Send(ReadOnlySpan<byte> message)
    {
        fixed (byte* bytes = message)
        {
            while (Libc.Send(_fd, bytes, (nuint)message.Length, 0) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new KernelException("send NETLINK_ROUTE", errno);
            }
        }
    }

    /// <summary>Waits for one datagram.</summary>
    /// <returns>Its whole length; more than the buffer holds when it was cut.</returns>
    public int Receive(Span<byte> buffer)
    {
        fixed (byte* bytes = buffer)
        {
            nint length;
            while ((length = Libc.Receive(_fd, bytes, (nuint)buffer.Length, Netlink.MSG_TRUNC)) < 0)
            {
                var errno = Marshal.GetLastPInvokeError();
                if (errno != Errno.EINTR)
                    throw new KernelException("recv NETLINK_ROUTE", errno);
            }

            return (int)length;
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();
}
