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
    /// <summary>Environment variables that the tool reads.</summary>
    public static IReadOnlyList<(string Name, string Meaning)> Environment { get; } =
    [
        ("LIBXDP_BPFFS", "mount point of the BPF file system that all applications share; default /sys/fs/bpf"),
        ("LIBXDP_BPFFS_AUTOMOUNT", "1: mount a BPF file system there when there is none, for a change of an empty hook"),
        ("NO_COLOR", "not empty: no colour; there is none either when the output is not a terminal"),
    ];

    /// <summary>What stands behind the tool's name.</summary>
    public const string ToolArguments = "VERB [ARGUMENTS] [OPTIONS]";

    /// <summary>What the tool is for.</summary>
    public const string About = "Programs of different owners run one after the other on the same interface; every change is one atomic swap. "
        + "Works together with libxdp and xdp-loader.";

    /// <summary>First steps, each with what it does.</summary>
    public static IReadOnlyList<(string CommandLine, string Purpose)> Examples { get; } =
    [
        ("status", "what runs on which interface"),
        ("load eth0 firewall.o ids.o", "two programs, in one step"),
        ("unload eth0 -n xdp_firewall", "take one out again"),
        ("doctor", "can this machine do it?"),
    ];

    /// <summary>The help of a verb, or of the tool when the command is no verb.</summary>
    public static string Render(CliDefinition definition, Command command, CliConsole console)
    {
        var page = new HelpPage(console);
        if (command is VerbCommand verb)
            RenderVerb(page, definition, verb);
        else
            RenderTool(page, definition);
        return page.ToString();
    }

    /// <summary>An option with its aliases and its value, for example <c>-o, --output FILE</c>.</summary>
    public static string Label(Option option) =>
        string.Join(", ", NamesOf(option)) + ValueOf(option);

    /// <summary>The names of an option that the help shows, short ones first.</summary>
    public static IEnumerable<string> NamesOf(Option option) =>
        option.Aliases.Where(a => a != "-?").Append(option.Name).OrderBy(n => n.StartsWith("--", StringComparison.Ordinal));

    /// <summary>What follows the name of an option, for example <c> FILE</c> or <c>[=text|mermaid]</c>; nothing for a switch.</summary>
    public static string ValueOf(Option option) => option switch
    {
        _ when option.ValueType == typeof(bool) => "",
        IChoices { ImpliedWord: not null } => $"[={option.HelpName}]",
        _ => $" {option.HelpName}",
    };

    /// <summary>What stands behind a verb, for example <c>&lt;ifname&gt; [OPTIONS]</c>.</summary>
    public static string ArgumentsOf(VerbCommand verb)
    {
        var usage = new StringBuilder();
        foreach (var argument in verb.Arguments)
        {
            var label = argument is IChoices ? argument.HelpName : $"<{argument.HelpName}>";
            usage.Append(argument.Arity.MinimumNumberOfValues == 0 ? $"[{label}]" : label);
            usage.Append(argument.Arity.MaximumNumberOfValues > 1 ? "... " : " ");
        }

        foreach (var option in verb.Options.Where(o => o.Required))
            usage.Append($"{Label(option)} ");
        return usage.Append("[OPTIONS]").ToString();
    }

    private static void RenderTool(HelpPage page, CliDefinition definition)
    {
        page.Text($"{CliDefinition.ToolName}: {definition.Root.Description}");
        page.Text(About);
        page.Heading("Usage");
        page.Line($"{CliDefinition.ToolName} {ToolArguments}");
        page.Heading("Verbs");
        page.Rows(definition.Verbs.Select(v => (v.Name, v.Description!)));
        page.Heading("Options of every verb");
        page.Rows(definition.Root.Options.Select(o => (Label(o), o.Description!)));
        page.Heading("Examples");
        foreach (var (commandLine, purpose) in Examples)
            page.Example(commandLine, purpose);
        page.Heading("Exit codes");
        page.Rows(ExitCodes.Meanings.Select(m => (((int)m.Code).ToString(CultureInfo.InvariantCulture), m.Meaning)));
        page.Heading("Environment");
        page.Rows(Environment);
        page.Blank();
        page.Text($"'{CliDefinition.ToolName} VERB --help' shows the options and examples of a verb.");
    }

    private static void RenderVerb(HelpPage page, CliDefinition definition, VerbCommand verb)
    {
        page.Text($"{CliDefinition.ToolName} {verb.Name}: {verb.Description}");
        page.Heading("Usage");
        page.Line($"{CliDefinition.ToolName} {verb.Name} {ArgumentsOf(verb)}");
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
        page.Blank();
        page.Text($"Exit codes and environment variables: '{CliDefinition.ToolName} --help'.");
    }
}
