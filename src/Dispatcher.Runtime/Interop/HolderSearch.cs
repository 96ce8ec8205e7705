using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Finds out which processes have programs or links open, from /proc.</summary>
/// <remarks>
/// Not seen: an fd on its way between two processes (SCM_RIGHTS), and one that is registered with io_uring and closed.
/// </remarks>
internal static class HolderSearch
{
    // PROC_PID_INIT_INO and PROC_USER_INIT_INO, which no other namespace has.
    private const ulong InitialPidNamespace = 0xeffffffc;
    private const ulong InitialUserNamespace = 0xeffffffd;

    /// <summary>Looks into every process that is shown.</summary>
    public static HolderReading Run()
    {
        var proc = new ProcFs();
        var holders = ImmutableArray.CreateBuilder<ObjectHolder>();
        foreach (var process in proc.Processes())
        {
            var programs = new SortedSet<uint>();
            var links = new SortedSet<uint>();
            foreach (var task in proc.Tasks(process).Where(task => !ProcFs.SharesFds(task) || task.Thread == process))
                Collect(proc, task, programs, links);
            if (programs.Count + links.Count > 0)
            {
                holders.Add(new ObjectHolder(
                    process, CommandOf(proc, process), [.. programs.Select(id => new ProgramId(id))], [.. links.Select(id => new LinkId(id))]));
            }
        }

        return new HolderReading(holders.DrainToImmutable(), !proc.HasGap && SeesAllProcesses(proc));
    }

    /// <summary>Whether /proc shows every process of the machine to this one.</summary>
    /// <remarks>
    /// Processes outside a pid namespace are not shown in it, and <c>hidepid</c> leaves out those that this process may
    /// not trace. Source: pid_namespaces(7), proc(5).
    /// </remarks>
    public static bool SeesAllProcesses(ProcFs proc)
    {
        if (proc.Identify("/proc/self/ns/pid", null)?.Inode != InitialPidNamespace)
            return false;
        var mayTraceAll = Capabilities.Missing("CAP_SYS_PTRACE") is [] && proc.Identify("/proc/self/ns/user", null)?.Inode == InitialUserNamespace;
        return mayTraceAll || (proc.ReadText("/proc/self/mountinfo", "/proc/self") is { } table
            && !MountTable.Read(table.Split('\n')).Any(mount => mount.Point == "/proc" && MountTable.HidesProcesses(mount)));
    }

    private static void Collect(ProcFs proc, ProcTask task, SortedSet<uint> programs, SortedSet<uint> links)
    {
        foreach (var (number, target) in proc.Fds(task))
        {
            if (!FdInfo.IsProgramOrLink(target)
                || proc.ReadText(string.Create(CultureInfo.InvariantCulture, $"{task.Folder}/fdinfo/{number}"), task.Folder) is not { } text)
                continue;
            var reference = FdInfo.Read(text);
            if (reference?.Program is { } program)
                programs.Add(program.Value);
            else if (reference?.Link is { } link)
                links.Add(link.Value);
            else
                proc.NoteGap();
        }
    }

    private static string CommandOf(ProcFs proc, int process) =>
        proc.ReadText(ProcFs.FolderOf(process) + "/comm", ProcFs.FolderOf(process))?.TrimEnd('\n') ?? "";
}
