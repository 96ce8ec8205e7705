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

    /// <summary>Joins a group of notifications.</summary>
    /// <param name="group">For example RTNLGRP_LINK.</param>
    public void Join(uint group)
    {
        if (Libc.SetSocketOption(_fd, Netlink.SOL_NETLINK, Netlink.NETLINK_ADD_MEMBERSHIP, &group, sizeof(uint)) != 0)
            throw new KernelException("setsockopt NETLINK_ADD_MEMBERSHIP", Marshal.GetLastPInvokeError());
    }

    /// <summary>Takes one datagram if there is one.</summary>
    /// <param name="buffer">Takes it, as far as it fits.</param>
    /// <param name="errno">0; EAGAIN: there is none; ENOBUFS: some were dropped.</param>
    /// <returns>Its whole length; more than the buffer holds when it was cut.</returns>
    public int TryReceive(Span<byte> buffer, out int errno)
    {
        fixed (byte* bytes = buffer)
        {
            nint length;
            do
            {
                length = Libc.Receive(_fd, bytes, (nuint)buffer.Length, Netlink.MSG_TRUNC | Netlink.MSG_DONTWAIT);
                errno = length < 0 ? Marshal.GetLastPInvokeError() : 0;
            }
            while (errno == Errno.EINTR);
            return errno is 0 or Errno.EAGAIN or Errno.ENOBUFS ? (int)length : throw new KernelException("recv NETLINK_ROUTE", errno);
        }
    }

    /// <summary>The fd, for as long as the answer is held.</summary>
    public FdLease Lease() => new(_fd);

    /// <inheritdoc/>
    public void Dispose() => _fd.Dispose();
}
