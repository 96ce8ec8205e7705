using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>A file descriptor of this process, closed once. Native calls return it, so no fd is ever a bare number.</summary>
internal sealed class OwnedFd : SafeHandle
{
    private const int FirstFree = 3;

    /// <summary>For the marshaller, which fills it in after the call.</summary>
    public OwnedFd()
        : base(-1, ownsHandle: true)
    {
    }

    /// <summary>Takes over what the kernel opened and told by number.</summary>
    public OwnedFd(int number)
        : this() => SetHandle(number);

    /// <inheritdoc/>
    public override bool IsInvalid => Number < 0;

    /// <summary>C functions return 32 bits, and what the upper half of the register holds then is anything.</summary>
    private int Number => unchecked((int)handle);

    /// <summary>
    /// This fd, or a copy above the standard streams: bpf(2) reads fd 0 as "none" in several fields,
    /// and a process without stdin would otherwise get it.
    /// </summary>
    public OwnedFd AboveStandardStreams()
    {
        if (IsInvalid || Number >= FirstFree)
            return this;
        var moved = Libc.Duplicate(this, FirstFree);
        var errno = Marshal.GetLastPInvokeError();
        Dispose();
        return moved.IsInvalid ? throw new KernelException("fcntl F_DUPFD_CLOEXEC", errno) : moved;
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle() => Libc.Close(Number) == 0;
}

/// <summary>Holds a handle open while its number is inside a request; at most as long as the borrowed handle.</summary>
internal ref struct FdLease : IDisposable
{
    private SafeHandle? _handle;

    /// <summary>Borrows a handle; null stands for "no fd" and gives the number that the field wants for it.</summary>
    /// <exception cref="ObjectDisposedException">The handle is closed.</exception>
    public FdLease(SafeHandle? handle, int none = 0)
    {
        Number = none;
        if (handle is null)
            return;
        var isAdded = false;
        handle.DangerousAddRef(ref isAdded);
        _handle = handle;
        Number = unchecked((int)handle.DangerousGetHandle());
    }

    /// <summary>The fd number, valid until disposed.</summary>
    public int Number { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        _handle?.DangerousRelease();
        _handle = null;
    }
}
