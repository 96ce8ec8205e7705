using System.CommandLine;
using System.Runtime.ExceptionServices;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Hosting;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>status</c>: shows the chains.</summary>
internal sealed class StatusCommand : VerbCommand
{
    private readonly Argument<string?> _interface = CommonArguments.OptionalInterfaces();

    private readonly ChoiceOption<GraphForm?> _graph = new("--graph", [], ("text", GraphForm.Text), ("mermaid", GraphForm.Mermaid))
    {
        Description = "Draw the way of a packet: which verdict of which program goes on, and where the others end. mermaid: a flowchart for Markdown.",
        DefaultValueFactory = null,
        ImpliedWord = "text",
    };

    public StatusCommand()
        : base("status", "Show which programs run on an interface, in which order.")
    {
        Add(_interface);
        Add(_graph);
    }

    private enum GraphForm
    {
        Text,
        Mermaid,
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes => ["Ends with 3 when a chain is broken: slots of it may be dead, and packets pass them; with 6, whatever the others are, when an interface that was named is not there."];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("status", "all interfaces of this network namespace"),
        ("status eth0", "one interface"),
        ("status 'veth*,eth0'", "several"),
        ("status eth0 --json", "the same as an array of one object"),
        ("status eth0 --graph", "which verdict of which program leads where"),
        ("status --graph=mermaid > chains.md", "the same as flowcharts for a page of Markdown"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetValue(_interface);
        var graph = parsed.GetValue(_graph);
        if (session.Json && graph is not null)
            throw new UsageException("--graph and --json are two forms of the same answer", "leave one of them out");
        var (hooks, missing) = await ReadAsync(interfaceName, session.Host, cancellationToken);
        // An answer in JSON is one document.
        if (session.Json && missing.Count > 0)
            throw missing is [var only] ? only.SourceException : AllOf(missing);
        if (hooks.Count > 0 || missing.Count == 0)
            Write(session, graph, hooks);
        if (hooks.Any(hook => hook.Foreign?.Holder is not null) && HostHints.NamespaceHint(session.Host) is { } hint)
            await session.Console.Error.WriteLineAsync($"hint: {hint}");
        if (missing is [.. var others, var last])
        {
            others.ForEach(error => ErrorOutput.Write(ErrorReport.Of(error.SourceException), session.Console, json: false, session.Verbose));
            last.Throw();
        }

        return hooks.Any(hook => hook.Broken is { } broken && (broken.MissingBpfFs is null || broken.LostSlots.Any(lost => lost.IsAlive == false))) ? ExitCode.Foreign : ExitCode.Done;
    }

    private static Exception AllOf(List<ExceptionDispatchInfo> missing)
    {
        var all = new NotFoundException(string.Join(" ", missing.Select(error => error.SourceException.Message)));
        var hints = string.Join("; ", missing.Select(error => error.SourceException).OfType<HintedException>().Select(error => error.Hint).Distinct());
        return hints.Length == 0 ? all : new HintedException(all, hints);
    }

    private static void Write(CliSession session, GraphForm? graph, IReadOnlyList<HookStatus> hooks)
    {
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => StatusJson.WriteAll(writer, hooks));
        else if (graph == GraphForm.Mermaid)
            session.Console.Out.Write(GraphMermaid.Render(hooks));
        else if (graph == GraphForm.Text)
            GraphText.Write(session.Console, hooks);
        else
            StatusText.Write(session.Console, hooks);
    }

    // What there is of what was asked for, and the errors about what there is not.
    private static async Task<(IReadOnlyList<HookStatus> Hooks, List<ExceptionDispatchInfo> Missing)> ReadAsync(string? typed, IChainHost host, CancellationToken cancellationToken)
    {
        if (typed is null)
            return (await host.WithHintsAsync(null, () => host.GetStatusAsync(cancellationToken)), []);
        var hooks = new List<HookStatus>();
        var missing = new List<ExceptionDispatchInfo>();
        foreach (var name in await InterfaceSyntax.ExpandAsync(host, typed, cancellationToken))
        {
            try
            {
                hooks.Add(await host.WithHintsAsync(name, () => host.GetStatusAsync(name, cancellationToken)));
            }
            catch (Exception error) when (error is NotFoundException or HintedException { InnerException: NotFoundException })
            {
                missing.Add(ExceptionDispatchInfo.Capture(error));
            }
        }

        return (hooks, missing);
    }
}
