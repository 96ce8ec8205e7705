using System.Text;
using Dispatcher.Cli.Output;

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
    public async Task A_message_is_told_also_where_no_answer_can_be_written()
    {
        var answers = new StreamWriter(File.OpenWrite("/dev/full"));
        using var text = new StringWriter();
        await using var messages = new MessageWriter(text, answers);

        await answers.WriteAsync("lost");
        await messages.WriteAsync("told");

        Assert.Equal("told", text.ToString());
        await Assert.ThrowsAsync<IOException>(async () => await answers.DisposeAsync());
    }
}
