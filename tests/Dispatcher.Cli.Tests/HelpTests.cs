using Dispatcher.Cli.Commands;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class HelpTests
{
    public static TheoryData<string> Verbs => [.. new CliDefinition().Verbs.Select(v => v.Name)];

    [Fact]
    public async Task Help_of_the_tool_names_verbs_exit_codes_and_variables()
    {
        var run = await CliRun.Of("--help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Snapshot.Verify(run.Output);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_of_a_verb_shows_options_and_examples(string verb)
    {
        var run = await CliRun.Of(verb, "--help");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Snapshot.Verify(run.Output, verb);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Help_fits_a_narrow_terminal(string verb)
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, Width: 60), new RecordedHost(), verb, "--help");
        var tooLong = run.Output.Split('\n').Where(line => line.Length > 60 && !line.TrimStart().StartsWith("xdp-dispatch ", StringComparison.Ordinal));
        Assert.Empty(tooLong);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public void Examples_in_the_help_parse(string verb)
    {
        var definition = new CliDefinition();
        foreach (var (commandLine, _) in definition.Verbs.Single(v => v.Name == verb).Examples)
        {
            var words = ImpliedWords.Add(commandLine.Split(" > ")[0].Split(' '), definition);
            Assert.Empty(definition.Root.Parse(words).Errors);
            Assert.Equal(verb, definition.Root.Parse(words).CommandResult.Command.Name);
        }

    }

    [Fact]
    public async Task Without_arguments_the_help_goes_to_standard_error_with_exit_code_2()
    {
        var run = await CliRun.Of();
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains("Usage", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_wins_over_a_wrong_command_line() => Assert.Equal(0, (await CliRun.Of("load", "--help", "--nonsense")).ExitCode);

    [Fact]
    public async Task Help_is_a_verb_too()
    {
        Assert.Equal((await CliRun.Of("--help")).Output, (await CliRun.Of("help")).Output);
        Assert.Equal((await CliRun.Of("load", "--help")).Output, (await CliRun.Of("help", "load")).Output);
        foreach (var unknown in new[] { await CliRun.Of("help", "laod"), await CliRun.Of("laod", "--help") })
        {
            Assert.Equal((2, ""), (unknown.ExitCode, unknown.Output));
            Assert.Contains("did you mean 'load'?", unknown.Error, StringComparison.Ordinal);
        }

        var surplus = await CliRun.Of("help", "load", "unload");
        Assert.Equal((2, ""), (surplus.ExitCode, surplus.Output));
        Assert.Contains("help is about one verb, and 'unload' follows it", surplus.Error, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Verbs))]
    public async Task Version_is_shown_after_a_verb_as_well(string verb) =>
        Assert.Equal((0, (await CliRun.Of("--version")).Output), ((await CliRun.Of(verb, "--version")).ExitCode, (await CliRun.Of(verb, "--version")).Output));

    [Fact]
    public async Task Version_is_one_line() => Assert.Matches(@"^xdp-dispatch \d+\.\d+\.\d+\n$", (await CliRun.Of("--version")).Output);
}
