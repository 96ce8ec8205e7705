using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Features;

/// <summary>How one check of the host ended.</summary>
public enum DoctorVerdict
{
    /// <summary>It works.</summary>
    Ok,

    /// <summary>It works with limits, or is not needed for most uses.</summary>
    Warning,

    /// <summary>It does not work and is needed.</summary>
    Failed,
}

/// <summary>One check of the host.</summary>
/// <param name="Check">What was tried, for example <c>EXT program load</c>.</param>
/// <param name="Verdict">How it ended.</param>
/// <param name="Found">What was found, for example a version.</param>
/// <param name="ErrnoText">The errno seen, as text; null when there was none.</param>
/// <param name="Advice">What to do; null when nothing needs doing.</param>
public sealed record DoctorFinding(string Check, DoctorVerdict Verdict, string Found, string? ErrnoText, string? Advice);

/// <summary>Tries each thing that sharing a NIC needs, on objects of its own, and says what it found.</summary>
public static class HostDoctor
{
    /// <summary>Runs all checks; touches no interface, pin or program that it did not make.</summary>
    /// <param name="options">Null: the defaults; says which BPF file system is meant.</param>
    /// <param name="cancellationToken">Stops between two checks.</param>
    /// <returns>One finding per check, in the order in which they depend on each other.</returns>
    /// <exception cref="PlatformNotSupportedException">Not Linux.</exception>
    public static Task<IReadOnlyList<DoctorFinding>> ExamineAsync(XdpDispatcherOptions? options = null, CancellationToken cancellationToken = default)
    {
        var port = LinuxKernel.Open();
        var path = (options ?? new XdpDispatcherOptions()).BpfFsPath;
        (string Name, Func<DoctorFinding> Run)[] checks =
        [
            ("kernel release", HostChecks.KernelRelease),
            ("capabilities", HostChecks.EffectiveCapabilities),
            ("bpf system call", () => ProgramChecks.BpfSyscall(port)),
            ("memory limit", HostChecks.MemoryLimit),
            ("kernel BTF", HostChecks.KernelBtf),
            ("BTF load", () => ProgramChecks.BtfLoad(port)),
            ("XDP program load", () => ProgramChecks.XdpLoad(port)),
            ("dispatcher load", () => ProgramChecks.DispatcherLoad(port)),
            ("XDP attach", () => ProgramChecks.XdpAttach(port)),
            ("expected-program swap", () => ProgramChecks.ExpectedSwap(port)),
            ("EXT program load", () => ProgramChecks.ExtLoad(port)),
            ("EXT attach", () => ProgramChecks.ExtAttach(port)),
            ("frags", () => FeatureChecks.Frags(port)),
            ("device binding", () => FeatureChecks.DeviceBinding(port)),
            ("link targets", () => FeatureChecks.LinkTargets(port)),
            ("packet change in plain stubs", () => FeatureChecks.PacketChange(port)),
            ("BPF file system", () => FileChecks.BpfFs(port, path)),
            ("pin folder", () => FileChecks.PinFolder(port, path)),
            ("lock", () => FileChecks.Lock(port, path)),
            ("libbpf", HostChecks.Libbpf),
        ];
        return Task.Run<IReadOnlyList<DoctorFinding>>(
            () =>
            {
                var findings = new List<DoctorFinding>(checks.Length);
                foreach (var (name, run) in checks)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    findings.Add(Check.Guard(name, run));
                }

                return findings;
            },
            cancellationToken);
    }
}
