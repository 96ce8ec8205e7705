using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Runs code on a thread of its own in a fresh network namespace, which ends with the thread.</summary>
/// <remarks>
/// The namespace holds nothing but <c>lo</c> (ifindex 1), which is down and takes XDP programs in skb mode. Programs,
/// maps and pins are not part of a network namespace. Needs CAP_SYS_ADMIN.
/// </remarks>
internal static class PrivateNetwork
{
    /// <summary>The ifindex of <c>lo</c> in every network namespace.</summary>
    public const int LoopbackIfindex = 1;

    /// <summary>Runs code there and waits for it.</summary>
    /// <param name="action">Runs on one thread from start to end; what it starts elsewhere is not in the namespace.</param>
    /// <returns>What the code returned; what it threw is thrown here.</returns>
    /// <exception cref="KernelException">EPERM: no CAP_SYS_ADMIN, or a sandbox without network namespaces.</exception>
    public static T Run<T>(Func<T> action) => OwnThread.Run("private network", () => Libc.Unshare(Libc.CloneNewNet) == 0
        ? action()
        : throw new KernelException("unshare CLONE_NEWNET", Marshal.GetLastPInvokeError(), null, "A network namespace of its own needs CAP_SYS_ADMIN."));

    /// <summary>Runs code there and waits for it.</summary>
    public static void Run(Action action) => Run(() =>
    {
        action();
        return true;
    });
}
