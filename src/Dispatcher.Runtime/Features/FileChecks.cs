using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Features;

/// <summary>Checks of the BPF file system; a probe directory of our own is made there and removed.</summary>
internal static class FileChecks
{
    private const string PrivateAdvice = "This mount namespace is not the host's, as under 'ip netns exec', and what is pinned in it ends with it; run outside, and name the network namespace (XdpDispatcherOptions.NetworkNamespace).";

    public static DoctorFinding BpfFs(KernelPort port, string path)
    {
        var isPrivate = port.Files.IsPrivate(path);
        if (!port.Files.IsBpfFs(path))
        {
            var place = new PinPaths(path);
            return Check.Fail("BPF file system", $"none at {place.MissingPlace}", isPrivate ? PrivateAdvice : place.MountAdviceForAttach + ".");
        }

        var probe = Path.Combine(path, $"xdp-doctor-{Environment.ProcessId}-{Environment.TickCount64}");
        if (!port.Files.MakeDirectory(probe))
            return Check.Warn("BPF file system", $"mounted at {Printable.Escape(path)}; the probe folder was there already", "Run the doctor again.");
        port.Files.RemoveDirectory(probe);
        if (isPrivate)
            return Check.Warn("BPF file system", $"mounted at {Printable.Escape(path)}, writable, and not the host's", PrivateAdvice);
        return Check.Ok("BPF file system", $"mounted at {Printable.Escape(path)}, writable");
    }

    public static DoctorFinding PinFolder(KernelPort port, string path)
    {
        if (!port.Files.IsBpfFs(path))
            return NotTried("pin folder");
        var root = new PinPaths(path).Root;
        return port.Files.List(root) switch
        {
            null => Check.Ok("pin folder", $"{Printable.Escape(root)} does not exist yet; the first attach makes it"),
            { IsEmpty: true } => Check.Ok("pin folder", $"{Printable.Escape(root)} is empty"),
            { } entries => Check.Ok("pin folder", $"{Printable.Escape(root)} holds {entries.Length} {(entries.Length == 1 ? "entry" : "entries")}"),
        };
    }

    /// <summary>Takes the lock for an instant where it exists; otherwise one on the file system itself shows that flock works.</summary>
    public static DoctorFinding Lock(KernelPort port, string path)
    {
        if (!port.Files.IsBpfFs(path))
            return NotTried("lock");
        var root = new PinPaths(path).Root;
        var target = port.Files.List(root) is null ? path : root;
        using var taken = port.Files.TryLock(target);
        if (taken is not null)
            return Check.Ok("lock", $"free, on {Printable.Escape(target)}");
        var holder = port.Files.FindLockHolder(target);
        return Check.Warn("lock", holder is { } pid ? $"held by process {pid}" : "held by another process",
            "A change of a chain holds it for milliseconds; when this stays, look at that process.");
    }

    private static DoctorFinding NotTried(string check) =>
        Check.Fail(check, "not tried without a BPF file system", "Put the BPF file system right first.");
}
