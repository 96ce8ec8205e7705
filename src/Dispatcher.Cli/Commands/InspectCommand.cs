using System.CommandLine;
using System.Globalization;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>inspect</c>: shows an object file, a loaded program or a dispatcher in full.</summary>
internal sealed class InspectCommand : VerbCommand
{
    private readonly Argument<string> _subject = new("subject")
    {
        HelpName = CommonArguments.SubjectName,
        Description = "A file that exists, else a number: a program id, else an interface.",
    };

    public InspectCommand()
        : base("inspect", "Show an object file, a loaded program or the dispatcher of an interface in full.") => Add(_subject);

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "An object file: its programs with their run configs, its code, sections, symbols and types; with -v the bytes of each section too. "
        + "The text is made for snapshots: the same object gives the same text, wherever it lies. Needs no root.",
        "A loaded program or a dispatcher: what it is, its version and its slots; with -v its types too.",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("inspect firewall.o", "an object file"),
        ("inspect 46", "the loaded program with id 46"),
        ("inspect eth0", "the chain of an interface and its dispatcher"),
        ("inspect ./46", "the file 46, when there is one"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var subject = parsed.GetRequiredValue(_subject);
        if (subject.Length == 0)
            throw new UsageException("inspect needs a file, a program id or an interface, not an empty text");
        if (File.Exists(subject) || subject.Contains('/', StringComparison.Ordinal) || subject.EndsWith(".o", StringComparison.Ordinal))
            await InspectFileAsync(subject, session, cancellationToken);
        else if (uint.TryParse(subject, NumberStyles.None, CultureInfo.InvariantCulture, out var id) && id > 0)
            await InspectProgramAsync(new ProgramId(id), session, cancellationToken);
        else
            await InspectInterfaceAsync(subject, session, cancellationToken);
        return ExitCode.Done;
    }

    private static async Task InspectFileAsync(string path, CliSession session, CancellationToken cancellationToken)
    {
        var inspection = ObjectInspection.Read(await Interruptible.RunAsync(() => BpfObjectFile.Read(path), cancellationToken), path);
        var text = InspectText.Render(inspection, session.Verbose);
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => InspectJson.Write(writer, inspection, text));
        else
            await session.Console.Out.WriteAsync(text);
    }

    private static async Task InspectProgramAsync(ProgramId id, CliSession session, CancellationToken cancellationToken)
    {
        var program = await session.Host.WithHintsAsync(null, () => session.Host.InspectAsync(id, cancellationToken));
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => InspectJson.Write(writer, program));
        else
            await session.Console.Out.WriteAsync(InspectText.Render(program, session.Verbose));
    }

    private static async Task<HookStatus> ReadHookAsync(string interfaceName, CliSession session, CancellationToken cancellationToken)
    {
        try
        {
            return await session.Host.GetStatusAsync(interfaceName, cancellationToken);
        }
        catch (NotFoundException e)
        {
            if (Directory.Exists(interfaceName))
                throw new HintedException(e, $"'{Printable.Escape(interfaceName)}' is a folder here; name an object file in it");
            var hint = HostHints.InterfaceHint(session.Host, interfaceName, e.Message);
            throw new HintedException(e, hint is null ? "there is no file of this name either" : $"there is no file of this name either; {hint}");
        }
    }

    private static async Task InspectInterfaceAsync(string interfaceName, CliSession session, CancellationToken cancellationToken)
    {
        var host = session.Host;
        var hook = await ReadHookAsync(interfaceName, session, cancellationToken);
        var id = hook.Chain?.DispatcherId ?? hook.Foreign?.Id;
        var program = id is null ? null : await host.WithHintsAsync(null, () => host.InspectAsync(id.Value, cancellationToken));
        if (session.Json)
        {
            JsonAnswer.Write(session.Console, writer => InspectJson.Write(writer, hook, program));
            return;
        }

        await session.Console.Out.WriteAsync("== interface ==\n");
        StatusText.Write(session.Console, [hook]);
        if (program is not null)
            await session.Console.Out.WriteAsync("\n" + InspectText.Render(program, session.Verbose));
    }
}
