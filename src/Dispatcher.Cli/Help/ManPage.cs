using System.CommandLine;
using System.Globalization;
using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Errors;

namespace Dispatcher.Cli.Help;

/// <summary>The manual page xdp-dispatch(8): everything that the help says, in one page.</summary>
internal static class ManPage
{
    private const int Section = 8;

    /// <summary>The page as roff source.</summary>
    public static string Render(CliDefinition definition)
    {
        var page = new RoffPage(CliDefinition.ToolName.ToUpperInvariant(), Section, ToolVersion.Text, "System Administration");
        page.Heading("NAME");
        page.Name(CliDefinition.ToolName, Clause(definition.Root.Description!));
        page.Heading("SYNOPSIS");
        page.Usage(CliDefinition.ToolName, HelpText.ToolArguments);
        page.Heading("DESCRIPTION");
        page.Text(HelpText.About);
        page.Heading("COMMANDS");
        foreach (var verb in definition.Verbs)
            RenderVerb(page, verb);
        page.Heading("OPTIONS OF EVERY COMMAND");
        RenderOptions(page, definition.Root.Options);
        page.Heading("EXIT STATUS");
        foreach (var (code, meaning) in ExitCodes.Meanings)
            page.Term(RoffPage.Bold(((int)code).ToString(CultureInfo.InvariantCulture)), Sentence(meaning));
        page.Heading("ENVIRONMENT");
        foreach (var (name, meaning) in HelpText.Environment)
            page.Term(RoffPage.Bold(name), Sentence(meaning));
        page.Heading("EXAMPLES");
        foreach (var (commandLine, purpose) in HelpText.Examples)
            Example(page, commandLine, purpose);
        page.Heading("SEE ALSO");
        page.References(("xdp-loader", 8), ("bpftool", 8), ("ip-link", 8), ("tcpdump", 8), ("bpf", 2), ("libxdp", 3));
        return page.ToString();
    }

    private static void RenderVerb(RoffPage page, VerbCommand verb)
    {
        page.Subheading(verb.Name);
        page.Usage($"{CliDefinition.ToolName} {verb.Name}", HelpText.ArgumentsOf(verb));
        page.Text(verb.Description!);
        foreach (var argument in verb.Arguments)
            page.Term(argument is IChoices ? RoffPage.Bold(argument.HelpName!) : RoffPage.Italic(argument.HelpName!), argument.Description!);
        RenderOptions(page, verb.Options);
        foreach (var note in verb.Notes)
            page.Text(note);
        foreach (var (commandLine, purpose) in verb.Examples)
            Example(page, commandLine, purpose);
    }

    private static void Example(RoffPage page, string commandLine, string purpose) =>
        page.Example($"{CliDefinition.ToolName} {commandLine}", Sentence(purpose));

    private static void RenderOptions(RoffPage page, IEnumerable<Option> options)
    {
        foreach (var option in options)
        {
            var names = string.Join(", ", HelpText.NamesOf(option).Select(RoffPage.Bold));
            page.Term(HelpText.ValueOf(option) is { Length: > 0 } value ? names + RoffPage.Italic(value) : names, option.Description!);
        }
    }

    // Headings and names of pages are written so that apropos(1) reads well.
    private static string Clause(string sentence) => char.ToLowerInvariant(sentence[0]) + sentence[1..].TrimEnd('.');

    private static string Sentence(string clause) =>
        clause.EndsWith('.') || clause.EndsWith('?') ? Capital(clause) : Capital(clause) + ".";

    private static string Capital(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
