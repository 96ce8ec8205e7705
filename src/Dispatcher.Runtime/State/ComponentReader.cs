using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Opens components that run in a chain.</summary>
internal sealed class ComponentReader(KernelPort kernel, KnownPrograms known)
{
    /// <summary>Opens the component of a slot by its pins. Null: one of them is gone.</summary>
    public AttachedComponent? OpenPinned(string directory, int slot, Slot policy)
    {
        if (kernel.Files.OpenProgram(PinPaths.ProgramPin(directory, slot)) is not { } program)
            return null;
        LinkFd? link = null;
        try
        {
            link = kernel.Files.OpenLink(PinPaths.LinkPin(directory, slot));
            if (link is not null)
                return Describe(program, link, policy);
        }
        catch
        {
            link?.Dispose();
            program.Dispose();
            throw;
        }

        program.Dispose();
        return null;
    }

    /// <summary>Asks the kernel what an open component is.</summary>
    /// <param name="program">Owned by the answer; still the caller's when this throws.</param>
    /// <param name="link">The same.</param>
    /// <param name="policy">What the dispatcher's config says of the slot.</param>
    public AttachedComponent Describe(ProgramFd program, LinkFd link, Slot policy)
    {
        var info = kernel.Bpf.GetInfo(program);
        return new AttachedComponent(program, link, info, known.NameOf(kernel.Bpf, info), policy);
    }
}
