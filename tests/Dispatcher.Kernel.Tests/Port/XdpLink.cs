using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>What another application does that owns a hook with a bpf_link.</summary>
internal static class XdpLink
{
    private const uint SkbMode = 2;

    /// <summary>BPF_LINK_CREATE on a hook in skb mode.</summary>
    internal static LinkFd Create(ProgramFd program, int ifindex)
    {
        using var lease = new FdLease(program.Handle);
        var attr = new LinkCreateAttr
        {
            ProgFd = (uint)lease.Number,
            TargetFd = (uint)ifindex,
            AttachType = TinyProgram.AttachTypeXdp,
            Flags = SkbMode,
        };
        var fd = BpfSyscall.Open(BpfCommand.LinkCreate, ref attr, out var errno);
        return errno == 0 ? new LinkFd(fd) : throw new KernelException("BPF_LINK_CREATE", errno);
    }
}
