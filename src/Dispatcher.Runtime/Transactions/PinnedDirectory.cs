using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Takes a dispatcher's pins away. The caller holds the lock, and fds of links that must not be freed late.</summary>
internal static class PinnedDirectory
{
    /// <summary>Removes every pin in the directory and the directory itself. Nothing there is no error.</summary>
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
