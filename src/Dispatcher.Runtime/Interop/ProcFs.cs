using System.Collections.Immutable;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>Reads /proc and remembers whether anything was kept from us. What ends while it is read is no gap.</summary>
internal sealed unsafe class ProcFs
{
    private const int MaxTargetBytes = 4096;

    private static readonly nint CompareNumber = RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 312,
        Architecture.Arm64 or Architecture.LoongArch64 or Architecture.RiscV64 => 272,
        Architecture.S390x => 343,
        Architecture.Ppc64le => 354,
        _ => -1,
    };

    /// <summary>Whether something was there and could not be read.</summary>
    public bool HasGap { get; private set; }

    /// <summary>The folder of a process.</summary>
    public static string FolderOf(int process) => string.Create(CultureInfo.InvariantCulture, $"/proc/{process}");

    /// <summary>The processes that are shown, in ascending order.</summary>
    public ImmutableArray<int> Processes() => [.. Numbers("/proc", null).Order()];

    /// <summary>The folders of a process and of its other threads.</summary>
    public IEnumerable<ProcTask> Tasks(int process)
    {
        var folder = FolderOf(process);
        yield return new ProcTask(process, process, folder);
        foreach (var thread in Numbers(folder + "/task", folder))
        {
            if (thread != process)
                yield return new ProcTask(process, thread, string.Create(CultureInfo.InvariantCulture, $"{folder}/task/{thread}"));
        }
    }

    /// <summary>The fds of a process or thread with what they refer to, as /proc names it.</summary>
    public IEnumerable<(int Number, string Target)> Fds(ProcTask task)
    {
        foreach (var number in Numbers(task.Folder + "/fd", task.Folder))
        {
            if (ReadLink(string.Create(CultureInfo.InvariantCulture, $"{task.Folder}/fd/{number}"), task.Folder) is { } target)
                yield return (number, target);
        }
    }

    /// <summary>Whether a thread has the fds of its process. A thread that left its table (CLONE_FILES) has its own.</summary>
    /// <remarks>One cheap call (kcmp) in place of reading the fds of every thread; false as well where it cannot tell.</remarks>
    public static bool SharesFds(ProcTask task) => task.Thread == task.Process
        || (CompareNumber >= 0 && Libc.CompareProcesses(CompareNumber, task.Process, task.Thread, Libc.CompareFiles, 0, 0) == 0);

    /// <summary>Where a link points, which goes with its process or thread. Null: gone, or not to be read.</summary>
    public string? ReadLink(string path, string owner)
    {
        var target = stackalloc byte[MaxTargetBytes];
        var length = Libc.ReadLink(path, target, MaxTargetBytes);
        if (length >= 0)
            return Encoding.UTF8.GetString(target, (int)length);
        Judge(Marshal.GetLastPInvokeError(), owner);
        return null;
    }

    /// <summary>The text of a file. Null: gone, or not to be read.</summary>
    public string? ReadText(string path, string owner)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (UnauthorizedAccessException)
        {
            Judge(Errno.EACCES, owner);
        }
        catch (IOException)
        {
            // ENOENT or ESRCH: it has gone.
        }

        return null;
    }

    /// <summary>What a path leads to. Null: gone, or not to be read.</summary>
    public FileIdentity? Identify(string path, string? owner)
    {
        if (FileIdentity.Read(path, out var errno) is { } file)
            return file;
        Judge(errno, owner);
        return null;
    }

    /// <summary>Notes that something which exists could not be read.</summary>
    public void NoteGap() => HasGap = true;

    // What ends is answered with ENOENT, ESRCH or, for its fds and namespaces, EACCES.
    private void Judge(int errno, string? owner)
    {
        if (errno is not (Errno.ENOENT or Errno.ESRCH or Errno.ENOTDIR))
            HasGap |= owner is null || Directory.Exists(owner);
    }

    private List<int> Numbers(string folder, string? owner)
    {
        var numbers = new List<int>();
        try
        {
            foreach (var entry in Directory.EnumerateFileSystemEntries(folder))
            {
                if (int.TryParse(Path.GetFileName(entry.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
                    numbers.Add(number);
            }
        }
        catch (UnauthorizedAccessException)
        {
            Judge(Errno.EACCES, owner);
        }
        catch (IOException)
        {
            HasGap |= owner is null;
        }

        return numbers;
    }
}

/// <summary>A thread, by its folder in /proc.</summary>
/// <param name="Process">Process id.</param>
/// <param name="Thread">Thread id; that of the process for its first thread.</param>
/// <param name="Folder"><c>/proc/&lt;pid&gt;</c> or <c>/proc/&lt;pid&gt;/task/&lt;tid&gt;</c>.</param>
internal readonly record struct ProcTask(int Process, int Thread, string Folder);
