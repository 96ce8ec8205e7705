using System.Globalization;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>The kernel answered an errno that the protocol does not expect.</summary>
public class KernelException : DispatcherException
{
    /// <summary>Names the operation, the errno and, where there is one, the kernel's own text.</summary>
    /// <param name="operation">For example <c>BPF_PROG_LOAD xdp_dispatcher</c>.</param>
    /// <param name="errno">Positive Linux errno.</param>
    /// <param name="kernelText">Extended acknowledgement or other text of the kernel.</param>
    /// <param name="advice">What the user can do next, as a sentence.</param>
    public KernelException(string operation, int errno, string? kernelText = null, string? advice = null)
        : this(Describe(operation, errno, kernelText, advice), operation, errno, kernelText) => Advice = advice;

    /// <summary>For an error that is told in other words.</summary>
    private protected KernelException(string message, string operation, int errno, string? kernelText)
        : base(message)
    {
        Operation = operation;
        Errno = errno;
        KernelText = kernelText;
    }

    /// <summary>What was asked of the kernel.</summary>
    public string Operation { get; }

    /// <summary>Positive Linux errno.</summary>
    public int Errno { get; }

    /// <summary>Whether the process may not do it, or nobody may here: EPERM or EACCES.</summary>
    public bool IsPermissionDenied => Errno is Runtime.Errno.EPERM or Runtime.Errno.EACCES;

    /// <summary>The kernel's own text, or null.</summary>
    public string? KernelText { get; }

    /// <summary>What the user can do next, as the message says it; null: nothing is known.</summary>
    public string? Advice { get; }

    private static string Describe(string operation, int errno, string? kernelText, string? advice)
    {
        var text = $"{operation}: {ErrnoText.Of(errno)}";
        if (!string.IsNullOrWhiteSpace(kernelText))
            text += $" ({Printable.Escape(kernelText)})";
        return advice is null ? text + "." : $"{text}. {advice}";
    }
}

/// <summary>The verifier refused a program.</summary>
public sealed class VerifierException : KernelException
{
    /// <summary>Keeps the whole log, and tells its last useful line and the line of source that it is about.</summary>
    /// <param name="program">Function name.</param>
    /// <param name="errno">Positive Linux errno.</param>
    /// <param name="log">As the kernel wrote it.</param>
    /// <param name="objectName">File that the program is from; null: none.</param>
    public VerifierException(string program, int errno, string log, string? objectName = null)
        : base(Describe(program, errno, log, objectName), $"loading {Printable.Escape(program)}", errno, VerifierLog.LastUsefulLine(log))
    {
        Log = log;
    }

    /// <summary>The verifier's log as the kernel wrote it.</summary>
    public string Log { get; }

    private static string Describe(string program, int errno, string log, string? objectName)
    {
        var origin = objectName is null ? "" : $" of {Printable.Escape(objectName)}";
        var source = VerifierLog.LastSourceLine(log) is { } line ? $", at '{Printable.Escape(line)}'" : "";
        var reason = VerifierLog.LastUsefulLine(log);
        var meaning = VerifierLog.Meaning(reason) is { } words ? $" ({Printable.Escape(words)})" : "";
        return $"The kernel's verifier refused {Printable.Escape(program)}{origin}: {Printable.Escape(reason)}{meaning}{source}{(VerifierLog.SaysMoreThan(errno) ? "" : $"; {ErrnoText.Of(errno)}")}.";
    }
}

/// <summary>The kernel lacks something that the request needs.</summary>
/// <param name="feature">What is missing.</param>
/// <param name="minimumKernel">First kernel release that has it, for example <c>5.10</c>.</param>
/// <param name="errno">The errno that showed it.</param>
public sealed class UnsupportedKernelException(string feature, string minimumKernel, int errno)
    : DispatcherException($"This kernel does not support {feature} ({ErrnoText.Of(errno)}). It needs Linux {minimumKernel} or later; 'xdp-dispatch doctor' shows what this machine has.")
{
    /// <summary>What is missing.</summary>
    public string Feature { get; } = feature;

    /// <summary>First kernel release that has it.</summary>
    public string MinimumKernel { get; } = minimumKernel;

    /// <summary>The errno that showed it.</summary>
    public int Errno { get; } = errno;
}

/// <summary>Something on the hook that is not a dispatcher we know; it is never replaced or removed.</summary>
/// <param name="interfaceName">The interface.</param>
/// <param name="program">What is on its hook.</param>
public sealed class ForeignProgramException(string interfaceName, ForeignProgram program)
    : DispatcherException(Describe(interfaceName, program))
{
    /// <summary>The interface.</summary>
    public string InterfaceName { get; } = interfaceName;

    /// <summary>What is on its hook, why we leave it alone and, where it could be seen, what keeps it there.</summary>
    public ForeignProgram Program { get; } = program;

    private static string Describe(string interfaceName, ForeignProgram program)
    {
        var text = $"{Printable.Escape(interfaceName)} is held by program {program.Id} '{Printable.Escape(program.Name)}': {program.Reason}";
        return program.Holder is { } holder
            ? $"{text}; it is {holder}. {string.Join(' ', holder.Advice)}"
            : text + ". Stop its owner, or detach it with the tool that attached it, and try again.";
    }
}

/// <summary>A chain on the hook lost pins of its components, so it cannot be changed.</summary>
/// <param name="interfaceName">The interface.</param>
/// <param name="chain">What is left of it.</param>
public sealed class BrokenChainException(string interfaceName, BrokenChain chain)
    : DispatcherException(
        $"The chain on {Printable.Escape(interfaceName)} is broken: {chain} (dispatcher {chain.DispatcherId}); {chain.AdviceFor(interfaceName)}.")
{
    /// <summary>The interface.</summary>
    public string InterfaceName { get; } = interfaceName;

    /// <summary>What is left of the chain.</summary>
    public BrokenChain Chain { get; } = chain;
}

/// <summary>Others went on changing the hook, or held the lock, until the deadline passed.</summary>
/// <param name="interfaceName">The interface.</param>
/// <param name="attempts">Attempts made.</param>
/// <param name="elapsed">Time spent.</param>
/// <param name="lastCause">What ended the last attempt.</param>
/// <param name="lostRaces">What ended each attempt, in order; null: only the last is known.</param>
public sealed class ContentionException(
    string interfaceName, int attempts, TimeSpan elapsed, string lastCause, IReadOnlyList<string>? lostRaces = null)
    : DispatcherException(string.Create(CultureInfo.InvariantCulture,
        $"{Printable.Escape(interfaceName)} could not be changed in {attempts} attempt{(attempts == 1 ? "" : "s")} over {elapsed.TotalSeconds:0.0} s: {lastCause}. Nothing was changed; see what holds it up, and try again."))
{
    /// <summary>Attempts made.</summary>
    public int Attempts { get; } = attempts;

    /// <summary>Time spent.</summary>
    public TimeSpan Elapsed { get; } = elapsed;

    /// <summary>What ended the last attempt.</summary>
    public string LastCause { get; } = lastCause;

    /// <summary>What ended each attempt, in order.</summary>
    public IReadOnlyList<string> LostRaces { get; } = lostRaces ?? [lastCause];
}

/// <summary>Something that the request names does not exist.</summary>
/// <param name="message">What was not found and what to do.</param>
public sealed class NotFoundException(string message) : DispatcherException(message)
{
    /// <summary>The name that was asked for, when there is no interface that has it; null: something else is missing.</summary>
    public string? MissingInterface { get; init; }

    /// <summary>The name of a network namespace that has an interface of this name, as <see cref="XdpDispatcherOptions.NetworkNamespace"/> takes it; null: none is seen.</summary>
    public string? FoundInNamespace { get; init; }

    /// <summary>The path that was asked for, when there is no file; null: something else is missing.</summary>
    public string? MissingFile { get; init; }
}

/// <summary>The request cannot be carried out on the chain as it is.</summary>
/// <param name="message">What is refused, why, and what to do.</param>
public sealed class RefusedException(string message) : DispatcherException(message);

/// <summary>A component program cannot be used.</summary>
/// <param name="message">What is wrong with it and what to do.</param>
/// <param name="log">libbpf's messages, or null.</param>
/// <param name="innerException">The cause, or null.</param>
public sealed class ComponentException(string message, string? log = null, Exception? innerException = null)
    : DispatcherException(message, innerException)
{
    /// <summary>libbpf's messages, or null.</summary>
    public string? Log { get; } = log;
}
