using System.CommandLine;
using System.Globalization;
using System.Text;
using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Help;

/// <summary>The help of the tool and of each verb, from their definitions.</summary>
internal static class HelpText
{
    private const int Indent = 2;
    private const int WidestFirstColumn = 26;
    private const int WidestLine = 100;
    private const int NarrowestLine = 50;

    /// <summary>Environment variables that the tool reads.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Environment { get; } =
    [
        ("LIBXDP_BPFFS", "mount point of the BPF file system that all applications share; default /sys/fs/bpf"),
        ("LIBXDP_BPFFS_AUTOMOUNT", "1: mount a BPF file system there when there is none"),
        ("NO_COLOR", "not empty: no colour; there is none either when the output is not a terminal"),
    ];

    /// <summary>The help of a verb, or of the tool when the command is no verb.</summary>
    public static string Render(CliDefinition definition, Command command, CliConsole console)
    {
        var page = new Page(console);
        if (command is VerbCommand verb)
            RenderVerb(page, definition, verb);
        else
            RenderTool(page, definition);
        return page.ToString();
    }

    /// <summary>An option with its aliases and its value, for example <c>-o, --output FILE</c>.</summary>
    public static string Label(Option option)
    {
        var names = option.Aliases.Where(a => a != "-?").Append(option.Name).OrderBy(n => n.StartsWith("--", StringComparison.Ordinal));
        var value = option.ValueType == typeof(bool) && option is not IChoices ? "" : $" {option.HelpName}";
        return string.Join(", ", names) + value;
    }

    private static void RenderTool(Page page, CliDefinition definition)
    {
        page.Text($"{CliDefinition.ToolName}: {definition.Root.Description}");
        page.Text("Programs of different owners run one after the other on the same interface; every change is one atomic swap. "
            + "Works together with libxdp and xdp-loader.");
        page.Heading("Usage");
        page.Line($"{CliDefinition.ToolName} VERB [ARGUMENTS] [OPTIONS]");
        page.Heading("Verbs");
        page.Rows(definition.Verbs.Select(v => (v.Name, v.Description!)));
        page.Heading("Options of every verb");
        page.Rows(definition.Root.Options.Select(o => (Label(o), o.Description!)));
        page.Heading("Examples");
        page.Example("status", "what runs on which interface");
        page.Example("load eth0 firewall.o ids.o", "two programs, in one step");
        page.Example("unload eth0 -n xdp_firewall", "take one out again");
        page.Example("doctor", "can this machine do it?");
        RenderCommonEnd(page);
        page.Blank();
        page.Text($"'{CliDefinition.ToolName} VERB --help' shows the options and examples of a verb.");
    }

    private static void RenderVerb(Page page, CliDefinition definition, VerbCommand verb)
    {
        page.Text($"{CliDefinition.ToolName} {verb.Name}: {verb.Description}");
        page.Heading("Usage");
        page.Line(Usage(verb));
        if (verb.Arguments.Count > 0)
            page.Heading("Arguments");
        page.Rows(verb.Arguments.Select(a => (a is IChoices ? a.HelpName! : $"<{a.HelpName}>", a.Description!)));
        page.Heading("Options");
        page.Rows(verb.Options.Concat(definition.Root.Options.Where(o => o.Recursive)).Select(o => (Label(o), o.Description!)));
        if (verb.Notes.Count > 0)
            page.Blank();
        foreach (var note in verb.Notes)
            page.Text(note);
        page.Heading("Examples");
        foreach (var (commandLine, purpose) in verb.Examples)
            page.Example(commandLine, purpose);
        RenderCommonEnd(page);
    }

    private static string Usage(VerbCommand verb)
    {
        var usage = new StringBuilder($"{CliDefinition.ToolName} {verb.Name}");
        foreach (var argument in verb.Arguments)
        {
            var label = argument is IChoices ? argument.HelpName : $"<{argument.HelpName}>";
            usage.Append(argument.Arity.MinimumNumberOfValues == 0 ? $" [{label}]" : $" {label}");
            if (argument.Arity.MaximumNumberOfValues > 1)
                usage.Append("...");
        }

        return usage.Append(" [OPTIONS]").ToString();
    }

    private static void RenderCommonEnd(Page page)
    {
        page.Heading("Exit codes");
        page.Rows(ExitCodes.Meanings.Select(m => (((int)m.Code).ToString(CultureInfo.InvariantCulture), m.Meaning)));
        page.Heading("Environment");
        page.Rows(Environment);
    }

    // Lines of a help page, broken at the width of the terminal.
    private sealed class Page(CliConsole console)
    {
        private readonly StringBuilder _text = new();
        private readonly int _width = Math.Clamp(console.Width, NarrowestLine, WidestLine);

        public void Blank() => _text.Append('\n');

        public void Heading(string title) => _text.Append($"\n{console.Paint(title, Ink.Strong)}\n");

        public void Line(string text) => _text.Append(' ', Indent).Append(text).Append('\n');

        public void Text(string text)
        {
            foreach (var line in Wrap(text, _width))
                _text.Append(line).Append('\n');
        }

        public void Example(string commandLine, string purpose) =>
            _text.Append(' ', Indent).Append($"{CliDefinition.ToolName} {commandLine}\n").Append(' ', 3 * Indent).Append($"{console.Paint(purpose, Ink.Quiet)}\n");

        public void Rows(IEnumerable<(string First, string Second)> rows)
        {
            var all = rows.ToArray();
            var widest = all.Select(r => r.First.Length).Where(length => length <= WidestFirstColumn).DefaultIfEmpty().Max();
            foreach (var (first, second) in all)
                Row(first, second, Indent + widest + Indent);
        }

        private void Row(string first, string second, int start)
        {
            _text.Append(' ', Indent).Append(first);
            if (Indent + first.Length + Indent > start)
                _text.Append('\n').Append(' ', start);
            else
                _text.Append(' ', start - Indent - first.Length);
            _text.AppendJoin('\n' + new string(' ', start), Wrap(second, _width - start)).Append('\n');
        }

        public override string ToString() => _text.ToString();

        private static IEnumerable<string> Wrap(string text, int width)
        {
            var line = new StringBuilder();
            foreach (var word in text.Split(' '))
            {
                if (line.Length > 0 && line.Length + 1 + word.Length > width)
                {
                    yield return line.ToString();
                    line.Clear();
                }

                line.Append(line.Length > 0 ? " " : "").Append(word);
            }

            yield return line.ToString();
        }
    }
}
