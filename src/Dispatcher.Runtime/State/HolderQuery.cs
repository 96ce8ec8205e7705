using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Finds out what keeps a foreign program on a hook. It reads much, so it is asked only once the answer is a refusal, without the lock.</summary>
internal sealed class HolderQuery(KernelPort kernel, XdpDispatcherOptions options)
{
    /// <summary>Looks around. What cannot be read is left out: a reason to refuse stays one.</summary>
    /// <returns>Null: the program is no longer on the hook, or the hook cannot be read.</returns>
    public ForeignHolder? Find(string interfaceName, ForeignProgram program)
    {
        // First, before we open anything: what this process has open now, it holds as others do.
        var holders = Read(() => kernel.Host.ReadHolders().Holders, []);
        if (Read(() => kernel.Hook.Read(interfaceName), null) is not { } hook
            || hook.Attached.FirstOrDefault(attached => attached.ProgramId == program.Id) is not { ProgramId.Value: > 0 } attached)
            return null;
        var (attachment, link) = Read(() => FindAttachment(hook.Index, program.Id), (HookAttachment.Unknown, null));
        ImmutableArray<HolderProcess> processes =
        [
            .. holders.Where(holder => link is { } id ? holder.Links.Contains(id) : holder.Programs.Contains(program.Id))
                .Select(holder => new HolderProcess(holder.ProcessId, holder.Command)),
        ];
        var pins = Read(() => new PinSearch(kernel, link, program.Id).Run(), []);
        var holder = new ForeignHolder(attachment, link, pins, processes, []);
        return holder with { Advice = HolderAdvice.Give(holder, program, DetachCommand.For(options.NetworkNamespace, hook.Name, attached.Mode)) };
    }

    private (HookAttachment Attachment, LinkId? Link) FindAttachment(int ifindex, ProgramId program) =>
        HookLinks.FindOwner(kernel.Bpf, ifindex, program) is { } link ? (HookAttachment.Link, link) : (HookAttachment.Netlink, null);

    private static T Read<T>(Func<T> question, T otherwise)
    {
        try
        {
            return question();
        }
        catch (Exception e) when (e is DispatcherException or IOException or UnauthorizedAccessException)
        {
            return otherwise;
        }
    }
}
