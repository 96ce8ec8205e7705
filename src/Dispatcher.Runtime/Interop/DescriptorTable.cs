namespace Dispatcher.Runtime.Interop;

/// <summary>The kernel's table of the open files of this process.</summary>
internal static class DescriptorTable
{
    private const int Fewest = 64;

    /// <summary>See <see cref="Kernel.IBpf.MakeRoom"/>.</summary>
    public static void Grow(int descriptors)
    {
        using var any = Libc.EventFd(0, Libc.EventFdFlags);
        for (var most = descriptors; most > Fewest && !any.IsInvalid; most /= 2)
        {
            // A descriptor with a high number makes the table as long; beyond RLIMIT_NOFILE there is none.
            using var far = Libc.Duplicate(any, most - 1);
            if (!far.IsInvalid)
                return;
        }
    }
}
