using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Cleaning;

/// <summary>Removes the directories of dispatchers that are proven dead. The caller holds the lock.</summary>
/// <remarks>
/// Removing too little costs some memory; removing too much lets packets past a firewall. So a directory goes only when
/// its dispatcher is gone from the kernel, or when the dispatcher is attached nowhere, no process has it or its links
/// open, and nothing that could show otherwise was out of sight.
/// </remarks>
internal sealed class PinSweeper(KernelPort kernel, PinPaths paths, TimeSpan gracePeriod)
{
    private static readonly ImmutableHashSet<string> KnownPins =
    [
        .. from slot in Enumerable.Range(0, DispatcherLimits.MaxSlots)
           from name in (string[])[PinPaths.LinkName(slot), PinPaths.ProgramName(slot)]
           select name,
    ];

    /// <summary>The directories that there are, by name.</summary>
    /// <param name="ifindex">Of one interface only; null: all.</param>
    public ImmutableArray<PinDirectory> FindDirectories(int? ifindex = null) =>
        [.. (kernel.Files.List(paths.Root, ifindex is { } one ? PinPaths.PrefixOf(one) : "") ?? []).Select(paths.Parse).OfType<PinDirectory>()];

    /// <summary>Removes what dead processes left for interfaces that have just been changed.</summary>
    /// <param name="attached">Dispatcher on each hook, by interface index; null: the hook is empty.</param>
    public ImmutableArray<SweptDirectory> SweepBeside(IReadOnlyDictionary<int, ProgramId?> attached) => Sweep(
        [.. FindDirectories(attached.Count == 1 ? attached.Keys.Single() : null).Where(found => attached.TryGetValue(found.InterfaceIndex, out var current) && found.Dispatcher != current)], dryRun: false);

    /// <summary>Judges directories, and removes the dead ones unless it is only tried.</summary>
    /// <param name="directories">Of those found; none costs nothing.</param>
    /// <param name="dryRun">Removes nothing.</param>
    public ImmutableArray<SweptDirectory> Sweep(ImmutableArray<PinDirectory> directories, bool dryRun)
    {
        if (directories.IsEmpty)
            return [];
        var picture = HostPicture.Take(kernel.Host);
        return [.. directories.Select(directory => Sweep(directory, picture, dryRun))];
    }

    private SweptDirectory Sweep(PinDirectory directory, HostPicture picture, bool dryRun)
    {
        var links = new List<LinkFd>();
        try
        {
            var (isDead, reason) = Judge(directory, picture, links);
            if (isDead && !dryRun)
                PinnedDirectory.Remove(kernel.Files, directory.Path);
            return Report(directory, !isDead ? SweepVerdict.Kept : dryRun ? SweepVerdict.WouldRemove : SweepVerdict.Removed, reason);
        }
        catch (KernelException failure)
        {
            return Report(directory, SweepVerdict.Kept, failure.Message.TrimEnd('.'));
        }
        finally
        {
            // Closed after the unlink, so that the kernel frees them now and not later.
            foreach (var link in links)
                link.Dispose();
        }
    }

    private (bool IsDead, string Reason) Judge(PinDirectory directory, HostPicture picture, List<LinkFd> links)
    {
        var names = kernel.Files.List(directory.Path) ?? [];
        if (names.FirstOrDefault(name => !KnownPins.Contains(name)) is { } unknown)
            return (false, $"it holds '{Printable.Escape(unknown)}', which the protocol does not know");
        foreach (var name in names.Where(name => name.EndsWith("-link", StringComparison.Ordinal)))
        {
            if (kernel.Files.OpenLink($"{directory.Path}/{name}") is { } link)
                links.Add(link);
        }

        ImmutableArray<LinkId> linkIds = [.. links.Select(link => kernel.Bpf.GetInfo(link).Id)];
        if (WhyAlive(directory, names, picture, linkIds) is { } reason)
            return (false, reason);
        using var dispatcher = kernel.Bpf.OpenProgram(directory.Dispatcher);
        if (dispatcher is null)
            return (true, $"dispatcher {directory.Dispatcher} is gone");
        if (!picture.SeesAllNamespaces)
            return (false, "not every network namespace can be seen from here; clean as root on the host itself");
        if (!picture.SeesAllProcesses && kernel.Files.Age(directory.Path) < gracePeriod)
        {
            return (false, string.Create(
                CultureInfo.InvariantCulture,
                $"not every process can be seen from here, and it changed less than {gracePeriod.TotalSeconds:0} s ago; clean as root on the host itself, or later"));
        }

        return (true, $"dispatcher {directory.Dispatcher} is attached nowhere and no process holds it");
    }

    private string? WhyAlive(PinDirectory directory, ImmutableArray<string> names, HostPicture picture, ImmutableArray<LinkId> links)
    {
        foreach (var attachment in picture.AttachmentsOf(directory.Dispatcher))
        {
            if (attachment.IsFor(directory))
                return $"dispatcher {directory.Dispatcher} runs on {attachment}";

            // An interface that changed its index, or one of several that share the dispatcher.
            var own = kernel.Files.List(paths.DirectoryOf(attachment.Interface.Index, directory.Dispatcher)) ?? [];
            if (!names.All(own.Contains))
                return $"dispatcher {directory.Dispatcher} runs on {attachment}, which has not all of these pins itself";
        }

        return picture.HolderOf(directory.Dispatcher, links) is { } holder
            ? string.Create(CultureInfo.InvariantCulture, $"process {holder.ProcessId} ({Printable.Escape(holder.Command)}) holds dispatcher {directory.Dispatcher}")
            : null;
    }

    private static SweptDirectory Report(PinDirectory directory, SweepVerdict verdict, string reason) =>
        new(directory.Path, directory.InterfaceIndex, directory.Dispatcher, verdict, reason);
}
