using System.Text;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Tests;

/// <summary>Answers and messages where both go to the same place.</summary>
public sealed class MessageTests
{
    [Fact]
    public async Task A_message_comes_after_the_answers_before_it()
    {
        using var pipe = new MemoryStream();
        await using var answers = new StreamWriter(pipe, leaveOpen: true);
        await using var straight = new StreamWriter(pipe, leaveOpen: true) { AutoFlush = true };
        await using var messages = new MessageWriter(straight, answers);

        await answers.WriteAsync("one\n");
        await messages.WriteLineAsync("note: two");
        await answers.WriteAsync("three\n");
        await messages.WriteAsync("four\n");
        await answers.FlushAsync(TestContext.Current.CancellationToken);

        Assert.Equal("one\nnote: two\nthree\nfour\n", Encoding.UTF8.GetString(pipe.ToArray()));
    }

    [Fact]
    public void Words_of_the_API_become_options_that_there_are()
    {
        Assert.Equal("name a folder for it (--pin-path).", OptionWords.Of("name a folder for it (AttachOptions.MapPinFolder)."));
        Assert.Equal("/x, which LIBXDP_BPFFS names", OptionWords.Of("/x, which LIBXDP_BPFFS or XdpDispatcherOptions.BpfFsPath names"));
        Assert.Equal("There is no interface 'v*'.", OptionWords.Of("There is no interface 'v*'. FindInterfacesAsync finds those that a pattern means."));
        var definition = new CliDefinition();
        var names = definition.Verbs.SelectMany(verb => verb.Options).Concat(definition.Root.Options).Select(option => option.Name);
        Assert.Empty(OptionWords.Options.Except(names));
    }

    [Fact]
    public async Task A_message_is_told_also_where_no_answer_can_be_written()
    {
        var answers = new StreamWriter(File.Open("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite));
        using var text = new StringWriter();
        await using var messages = new MessageWriter(text, answers);

        await answers.WriteAsync("lost");
        await messages.WriteAsync("told");

        Assert.Equal("told", text.ToString());
        await Assert.ThrowsAsync<IOException>(async () => await answers.DisposeAsync());
    }

    [Fact]
    public async Task A_message_that_cannot_be_written_ends_nothing()
    {
        var straight = new StreamWriter(Full()) { AutoFlush = true };
        using var answers = new StringWriter();
        var messages = new MessageWriter(straight, answers);

        await messages.WriteLineAsync("lost");
        await messages.WriteAsync('x');
        await messages.WriteAsync("lost as well");
        await messages.FlushAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task An_answer_that_a_message_could_not_write_out_is_lost_for_good()
    {
        var answers = new StreamWriter(new AnswerStream(Full()));
        using var text = new StringWriter();
        var messages = new MessageWriter(text, answers);
        await answers.WriteAsync("added");
        await messages.WriteLineAsync("note: told");
        Assert.Equal("note: told\n", text.ToString());
        await Assert.ThrowsAsync<AnswerLostException>(() => answers.FlushAsync(TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("load eth0 a.o")]
    [InlineData("load eth0,eth1 a.o")]
    [InlineData("unload eth0 -a --json")]
    [InlineData("clean")]
    public async Task Who_loses_the_answer_of_a_change_is_told_that_it_was_made(string line)
    {
        var answers = new StreamWriter(new AnswerStream(Full()));
        using var messages = new StringWriter();
        var host = new RecordedHost
        {
            Change = Samples.AddedWithNote,
            Batch = new BatchResult([new InterfaceOutcome("eth0", InterfaceOutcomeKind.Changed) { Result = Samples.AddedWithNote }]),
            Cleaned = new CleanResult([], []),
            Hooks = Samples.Hooks,
        };
        var exitCode = await CliApp.RunAsync(line.Split(' '), answers, messages, host, TestContext.Current.CancellationToken);
        Assert.Contains("xdp-dispatch: it is done, but the answer cannot be written to standard output: No space left", messages.ToString(), StringComparison.Ordinal);
        Assert.Equal(7, exitCode);

        messages.GetStringBuilder().Clear();
        exitCode = await CliApp.RunAsync(["status"], answers, messages, host, TestContext.Current.CancellationToken);
        Assert.Equal(1, exitCode);
        Assert.StartsWith("xdp-dispatch: standard output cannot be written: No space left", messages.ToString(), StringComparison.Ordinal);
    }

    private static FileStream Full() => new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
}
