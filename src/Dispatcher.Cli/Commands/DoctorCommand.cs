using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime.Features;

namespace Dispatcher.Cli.Commands;

/// <summary><c>doctor</c>: tries everything that sharing an interface needs.</summary>
internal sealed class DoctorCommand() : VerbCommand("doctor", "Try each thing that is needed on this machine, and say what to do about what fails.")
{
    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        ["Works on objects of its own; touches no interface, pin or program that is there. Ends with 4 when a check failed."];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("doctor", "check this machine"),
        ("doctor --json", "the same for a bug report"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var findings = await session.Host.ExamineAsync(cancellationToken);
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => DoctorOutput.WriteJson(writer, findings));
        else
            DoctorOutput.WriteText(session.Console, findings);
        return findings.Any(f => f.Verdict == DoctorVerdict.Failed) ? ExitCode.Unsupported : ExitCode.Done;
    }
}
