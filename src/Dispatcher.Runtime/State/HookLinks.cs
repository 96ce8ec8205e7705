using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Finds the bpf_link that owns a hook.</summary>
/// <remarks>
/// A link names its ifindex without its network namespace: the same program, attached by a link to the interface of the
/// same number in another namespace, looks the same.
/// </remarks>
internal static class HookLinks
{
    private const uint XdpLinkType = 6;

    /// <summary>The link that attaches a program to an interface. Null: none does, so netlink did.</summary>
    /// <exception cref="KernelException">The links of this machine cannot be read.</exception>
    public static LinkId? FindOwner(IBpf bpf, int ifindex, ProgramId program)
    {
        for (var id = bpf.NextLink(null); id is not null; id = bpf.NextLink(id))
        {
            using var link = bpf.OpenLink(id.Value);
            if (link is not null && bpf.GetInfo(link) is { Type: XdpLinkType } info && info.TargetObjectId == ifindex && info.ProgramId == program)
                return id;
        }

        return null;
    }
}
