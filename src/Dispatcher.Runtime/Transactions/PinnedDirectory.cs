using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Takes a dispatcher's pins away. The caller holds the lock, and fds of links that must not be freed late.</summary>
internal static class PinnedDirectory
{
    /// <summary>Removes every pin in the directory and the directory itself. Nothing there is no error.</summary>
    public static void Remove(IBpfFs files, string directory)
    {
        foreach (var name in files.List(directory) ?? [])
            files.Unpin($"{directory}/{name}");
        files.RemoveDirectory(directory);
    }
}
