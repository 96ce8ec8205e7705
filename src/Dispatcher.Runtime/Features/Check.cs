using Dispatcher.Compiler;
using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Features;

/// <summary>Makes findings out of what a check did.</summary>
internal static class Check
{
    /// <summary>It works.</summary>
    public static DoctorFinding Ok(string check, string found) => new(check, DoctorVerdict.Ok, found, null, null);

    /// <summary>It works with limits.</summary>
    public static DoctorFinding Warn(string check, string found, string advice) => new(check, DoctorVerdict.Warning, found, null, advice);

    /// <summary>It does not work.</summary>
    public static DoctorFinding Fail(string check, string found, string advice, int? errno = null) =>
        new(check, DoctorVerdict.Failed, found, errno is { } number ? ErrnoText.Of(number) : null, advice);

    /// <summary>Runs a check; what it throws becomes a finding, since a doctor that stops half way helps nobody.</summary>
    public static DoctorFinding Guard(string check, Func<DoctorFinding> run)
    {
        try
        {
            return run();
        }
        catch (VerifierException refused)
        {
            return Fail(check, $"refused by the verifier: {refused.KernelText}", "This is a fault of this program or of a very old kernel; please report it with the output of -v.", refused.Errno);
        }
        catch (UnsupportedKernelException missing)
        {
            return Fail(check, $"this kernel has no {missing.Feature}", $"Use Linux {missing.MinimumKernel} or later.", missing.Errno);
        }
        catch (KernelException refused) when (refused.Errno is Errno.EPERM or Errno.EACCES && Capabilities.Missing(Capabilities.Needed.AsSpan()) is [_, ..] missing)
        {
            return Warn(check, "not known without capabilities", $"Run as root, or give the process {string.Join(", ", missing)}.");
        }
        catch (KernelException refused)
        {
            return Fail(check, $"refused: {refused.Operation}{(refused.KernelText is { } text ? $" ({Printable.Escape(text)})" : "")}", AdviceOf(refused), refused.Errno);
        }
        catch (DispatcherException other)
        {
            return Fail(check, other.Message, "Put this right first.");
        }
    }

    private static string AdviceOf(KernelException refused) => refused.Errno switch
    {
        Errno.EPERM or Errno.EACCES => MemLockLimit.Advice() ?? "The capabilities are there, so a policy of this machine refuses it: a sandbox or container profile, lockdown, or an LSM.",
        Errno.EROFS when refused.Advice is { } remount => remount,
        Errno.ENOSYS => "The kernel is built without CONFIG_BPF_SYSCALL; use a distribution kernel.",
        Errno.EOPNOTSUPP => "The kernel is built without what this needs; use a distribution kernel.",
        _ => "See the errno; a distribution kernel of 5.10 or later has what is needed.",
    };
}
