using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Errors;

/// <summary>How the tool ends. Scripts rely on these; they never change their meaning.</summary>
internal enum ExitCode
{
    /// <summary>Done.</summary>
    Done = 0,

    /// <summary>Anything that has no code of its own.</summary>
    Other = 1,

    /// <summary>The command line is wrong.</summary>
    Usage = 2,

    /// <summary>Something else holds the hook.</summary>
    Foreign = 3,

    /// <summary>The kernel lacks a feature.</summary>
    Unsupported = 4,

    /// <summary>Others went on changing the hook until the deadline.</summary>
    Contention = 5,

    /// <summary>An interface, file, program or component does not exist.</summary>
    NotFound = 6,

    /// <summary>It is done, and the answer that says so could not be written.</summary>
    AnswerLost = 7,

    /// <summary>Ctrl-C or SIGTERM, as shells count it.</summary>
    Interrupted = 130,

    /// <summary>Nobody reads the answer any more, as shells count SIGPIPE.</summary>
    OutputClosed = 141,
}

/// <summary>The one mapping from errors to exit codes and to the kinds in JSON.</summary>
internal static class ExitCodes
{
    /// <summary>Exit codes with their meaning, for the help.</summary>
    public static IReadOnlyList<(ExitCode Code, string Meaning)> Meanings { get; } =
    [
        (ExitCode.Done, "done"),
        (ExitCode.Other, "another error"),
        (ExitCode.Usage, "wrong command line"),
        (ExitCode.Foreign, "the hook is held by something else, or by a broken chain; it was left alone (status, clean: a chain is broken)"),
        (ExitCode.Unsupported, "the kernel lacks a feature (doctor: a check failed)"),
        (ExitCode.Contention, "others kept changing the hook, or held the lock, for 30 s"),
        (ExitCode.NotFound, "no such interface, file, program or component"),
        (ExitCode.AnswerLost, "it is done, but the answer could not be written: do not try again"),
        (ExitCode.Interrupted, "interrupted by Ctrl-C or SIGTERM"),
        (ExitCode.OutputClosed, "the reader of the answer has gone, as in '| head'"),
    ];

    /// <summary>The kind and the exit code of an error.</summary>
    public static (string Kind, ExitCode Code) Of(Exception exception) => exception switch
    {
        UsageException => ("usage", ExitCode.Usage),
        ForeignProgramException => ("foreign-program", ExitCode.Foreign),
        BrokenChainException => ("broken-chain", ExitCode.Foreign),
        UnsupportedKernelException => ("unsupported-kernel", ExitCode.Unsupported),
        ContentionException => ("contention", ExitCode.Contention),
        NotFoundException or FileNotFoundException or DirectoryNotFoundException => ("not-found", ExitCode.NotFound),
        VerifierException => ("verifier", ExitCode.Other),
        KernelException { IsPermissionDenied: true } => ("permission", ExitCode.Other),
        KernelException => ("kernel", ExitCode.Other),
        ComponentException => ("component", ExitCode.Other),
        MalformedObjectException => ("malformed-object", ExitCode.Other),
        RefusedException => ("refused", ExitCode.Other),
        DispatcherException => ("other", ExitCode.Other),
        AnswerLostException { IsDone: true } => ("answer-lost", ExitCode.AnswerLost),
        OperationCanceledException => ("interrupted", ExitCode.Interrupted),
        IOException or UnauthorizedAccessException => ("io", ExitCode.Other),
        PlatformNotSupportedException => ("platform", ExitCode.Other),
        _ => ("internal", ExitCode.Other),
    };
}
