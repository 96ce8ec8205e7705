using System.Globalization;
using System.Runtime.InteropServices;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Features;

/// <summary>Checks that only look.</summary>
internal static class HostChecks
{
    private const string VmlinuxPath = "/sys/kernel/btf/vmlinux";
    private const ulong ComfortableLimitBytes = 64 * 1024 * 1024;
    private static readonly Version Minimum = new(5, 10);

    public static DoctorFinding KernelRelease()
    {
        var release = ReadLine("/proc/sys/kernel/osrelease") ?? Environment.OSVersion.Version.ToString();
        var found = $"Linux {release}, {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}";
        return Environment.OSVersion.Version >= Minimum
            ? Check.Ok("kernel release", found)
            : Check.Warn("kernel release", found, "Components are attached with links from Linux 5.10 on; a kernel with these features ported back also works, as the checks below show.");
    }

    public static DoctorFinding EffectiveCapabilities() => Capabilities.Missing(Capabilities.Needed.AsSpan()) switch
    {
        null => Check.Warn("capabilities", "/proc/self/status cannot be read", "Mount /proc; the checks below show what works."),
        [] => Check.Ok("capabilities", string.Join(", ", Capabilities.Needed) + (Environment.IsPrivilegedProcess ? " (root needs no CAP_DAC_OVERRIDE here)" : "")),
        var missing => Check.Fail("capabilities", $"without {string.Join(", ", missing)}", $"Run as root, or give the process {string.Join(", ", missing)}."),
    };

    public static DoctorFinding MemoryLimit()
    {
        if (!MemLockLimit.Applies)
            return Check.Ok("memory limit", "not used by this kernel for BPF (5.11 and later)");
        var limit = MemLockLimit.Current() switch
        {
            null => "unknown",
            ulong.MaxValue => "unlimited",
            var bytes => string.Create(CultureInfo.InvariantCulture, $"{bytes / 1024} KiB"),
        };
        return MemLockLimit.Current() is >= ComfortableLimitBytes || Capabilities.Missing("CAP_SYS_RESOURCE") is []
            ? Check.Ok("memory limit", $"RLIMIT_MEMLOCK {limit}, raised when needed")
            : Check.Warn("memory limit", $"RLIMIT_MEMLOCK {limit}", MemLockLimit.Advice() ?? "Run with 'ulimit -l unlimited'.");
    }

    public static DoctorFinding KernelBtf()
    {
        if (!File.Exists(VmlinuxPath))
            return Check.Warn("kernel BTF", $"no {VmlinuxPath}", "Components that adapt to the kernel (CO-RE) or call kernel functions need CONFIG_DEBUG_INFO_BTF; others work.");
        try
        {
            var btf = BtfData.Read(File.ReadAllBytes(VmlinuxPath));
            return Check.Ok("kernel BTF", string.Create(CultureInfo.InvariantCulture, $"{btf.Count} types"));
        }
        catch (Exception unreadable) when (unreadable is MalformedObjectException or IOException or UnauthorizedAccessException)
        {
            return Check.Warn("kernel BTF", unreadable.Message, "Components that adapt to the kernel (CO-RE) may not load; others work.");
        }
    }

    public static DoctorFinding Libbpf() => LibbpfVersion.Current is { } version
        ? Check.Ok("libbpf", version)
        : Check.Fail("libbpf", $"no {Interop.Libbpf.FileName}", "ELF components are loaded with it; install it (Debian, Ubuntu: apt install libbpf1; Fedora: dnf install libbpf). Raw bytecode works without.");

    private static string? ReadLine(string path)
    {
        try
        {
            return File.ReadLines(path).FirstOrDefault();
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
