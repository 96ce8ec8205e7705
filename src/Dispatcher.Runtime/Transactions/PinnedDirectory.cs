using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>The pins of one dispatcher on one interface. The caller holds the lock.</summary>
internal static class PinnedDirectory
{
    /// <summary>Makes the directory if it is missing, and pins each component that is not pinned there.</summary>
    /// <param name="files">The port.</param>
    /// <param name="directory">Directory of the dispatcher on the interface.</param>
    /// <param name="components">Program and link of each slot, in slot order.</param>
    /// <returns>How many pins it made.</returns>
    public static int Complete(IBpfFs files, string directory, IEnumerable<(ProgramFd Program, LinkFd Link)> components)
    {
        files.MakeDirectory(directory);
        var made = 0;
        foreach (var (slot, (program, link)) in components.Index())
        {
            made += files.Pin(link, PinPaths.LinkPin(directory, slot)) ? 1 : 0;
            made += files.Pin(program, PinPaths.ProgramPin(directory, slot)) ? 1 : 0;
        }

        return made;
    }

    /// <summary>Whether every slot is pinned there: one look.</summary>
    public static bool IsComplete(IBpfFs files, string directory, int slots) => files.List(directory) is { } names
        && Enumerable.Range(0, slots).All(slot => names.Contains(PinPaths.LinkName(slot)) && names.Contains(PinPaths.ProgramName(slot)));

    /// <summary>Removes every pin in the directory and the directory itself. Nothing there is no error.</summary>
    /// <remarks>The caller holds fds of links that must not be freed late.</remarks>
    /// <exception cref="KernelException">A pin could not be removed; the others are gone.</exception>
    public static void Remove(IBpfFs files, string directory)
    {
        KernelException? first = null;
        foreach (var name in files.List(directory) ?? [])
        {
            try
            {
                files.Unpin($"{directory}/{name}");
            }
            catch (KernelException failure)
            {
                first ??= failure;
            }
        }

        if (first is not null)
            throw first;
        files.RemoveDirectory(directory);
    }
}
