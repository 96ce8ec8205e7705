namespace Dispatcher.Testing;

/// <summary>Sees what BPF fds of this process, pins and namespaces were there before, and fails when there are others after.</summary>
/// <remarks>
/// Use it from a fixture of a collection that runs alone, so that no other test opens what this one then finds.
/// A handle that only the garbage collector would close counts as a leak: nothing is collected here.
/// </remarks>
public sealed class LeakCheck
{
    private readonly string? _bpfFolder;
    private readonly IReadOnlyList<string> _before;

    private LeakCheck(string? bpfFolder)
    {
        _bpfFolder = bpfFolder;
        _before = Take(bpfFolder);
    }

    /// <summary>Remembers what is there now.</summary>
    /// <param name="bpfFolder">Folder of a bpffs whose pins count; null for none.</param>
    public static LeakCheck Begin(string? bpfFolder = null) => new(bpfFolder);

    /// <summary>What is there now and was not before, one line each; and what has gone.</summary>
    public IReadOnlyList<string> Differences()
    {
        var (before, after) = (_before.ToList(), new List<string>());
        foreach (var item in Take(_bpfFolder))
        {
            if (!before.Remove(item))
                after.Add("left over: " + item);
        }

        // A pin or namespace that was not ours and is gone was removed by us or by a neighbour; a closed fd is no harm.
        return [.. after, .. before.Where(item => !item.StartsWith("fd ", StringComparison.Ordinal)).Select(item => "gone: " + item)];
    }

    /// <summary>Fails the test when there is any difference.</summary>
    public void AssertNothingLeft()
    {
        var differences = Differences();
        if (differences.Count > 0)
            Assert.Fail("The tests leave the machine as they found it:\n" + string.Join('\n', differences));
    }

    private static List<string> Take(string? bpfFolder)
    {
        var items = new List<string>();
        items.AddRange(BpfFds());
        if (bpfFolder is not null && Directory.Exists(bpfFolder))
            items.AddRange(Directory.EnumerateFileSystemEntries(bpfFolder, "*", SearchOption.AllDirectories).Select(pin => "pin " + pin));
        if (Directory.Exists("/run/netns"))
            items.AddRange(Directory.EnumerateFiles("/run/netns", $"{NetNamespace.Prefix}{Environment.ProcessId}-*").Select(ns => "namespace " + ns));
        items.Sort(StringComparer.Ordinal);
        return items;
    }

    /// <summary>Descriptors of BPF objects and network namespaces, and of pins; the runtime's own files and sockets do not count.</summary>
    private static IEnumerable<string> BpfFds()
    {
        foreach (var link in Directory.EnumerateFileSystemEntries("/proc/self/fd"))
        {
            // A descriptor may be closed between listing and reading.
            var target = new FileInfo(link).LinkTarget;
            if (target is null)
                continue;
            var isBpf = target.StartsWith("anon_inode:bpf", StringComparison.Ordinal)
                || target.StartsWith("anon_inode:btf", StringComparison.Ordinal)
                || target.StartsWith("net:", StringComparison.Ordinal)
                || target.StartsWith("/sys/fs/bpf", StringComparison.Ordinal);
            if (isBpf)
                yield return "fd " + target;
        }
    }
}
