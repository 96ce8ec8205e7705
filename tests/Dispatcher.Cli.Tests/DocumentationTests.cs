using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Help;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class DocumentationTests
{
    private static readonly string Page = File.ReadAllText(Repository.PathOf("docs/cli.md"));

    [Fact]
    public void Every_verb_has_a_section_that_lists_its_options()
    {
        foreach (var verb in new CliDefinition().Verbs)
        {
            var start = Page.IndexOf($"\n### {verb.Name}\n", StringComparison.Ordinal);
            Assert.True(start >= 0, $"docs/cli.md has no section '### {verb.Name}'");
            var end = Page.IndexOf("\n#", start + 5, StringComparison.Ordinal);
            var section = end < 0 ? Page[start..] : Page[start..end];
            foreach (var option in verb.Options)
                Assert.Contains($"`{HelpText.Label(option).Split(' ', '[')[0].TrimEnd(',')}", section, StringComparison.Ordinal);
            foreach (var name in verb.Options.Select(o => o.Name))
                Assert.Contains(name, section, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Commands_of_the_unit_for_systemd_parse()
    {
        var commands = File.ReadLines(Repository.PathOf("docs/operations.md")).Where(line => line.StartsWith("Exec", StringComparison.Ordinal)).ToList();
        Assert.Equal(["ExecStart", "ExecStop"], commands.Select(line => line.Split('=')[0]));
        Assert.All(commands, line =>
        {
            var words = line[(line.IndexOf('=', StringComparison.Ordinal) + 1)..].TrimStart('-').Split(' ');
            Assert.Equal("/usr/bin/xdp-dispatch", words[0]);
            Assert.Empty(new CliDefinition().Root.Parse(words[1..]).Errors);
        });
    }

    [Fact]
    public void Options_of_every_verb_exit_codes_kinds_notes_and_variables_are_listed()
    {
        foreach (var option in new CliDefinition().Root.Options)
            Assert.Contains(option.Name, Page, StringComparison.Ordinal);
        foreach (var (code, _) in ExitCodes.Meanings)
            Assert.Contains($"| {(int)code} |", Page, StringComparison.Ordinal);
        foreach (var (_, kind, _) in ErrorTests.Errors)
            Assert.Contains($"`{kind}`", Page, StringComparison.Ordinal);
        foreach (var (name, _) in HelpText.Environment)
            Assert.Contains($"`{name}`", Page, StringComparison.Ordinal);
        foreach (var kind in Enum.GetValues<ChangeNoteKind>())
            Assert.Contains($"`{JsonAnswer.NameOf(kind)}`", Page, StringComparison.Ordinal);
    }
}
