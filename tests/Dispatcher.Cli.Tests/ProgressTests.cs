using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Tests;

/// <summary>What is shown while a request takes long.</summary>
public sealed class ProgressTests : IDisposable
{
    private readonly TellingWriter _error = new();

    [Fact]
    public async Task A_request_that_goes_on_is_shown_and_the_line_is_taken_away_at_its_end()
    {
        var request = new TaskCompletionSource<int>();
        var waiting = ProgressLine.While(Console(isTerminal: true), "changing the chain of eth0", request.Task);
        await _error.IsTold.Task;

        request.SetResult(7);

        Assert.Equal(7, await waiting);
        Assert.Matches("^\r\u001b\\[Kchanging the chain of eth0, for [0-9]+ s; Ctrl-C stops", _error.ToString());
        Assert.EndsWith("\r\u001b[K", _error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false)]
    [InlineData(true, true)]
    public async Task Nothing_is_shown_elsewhere_or_when_it_is_quick(bool isTerminal, bool isQuick)
    {
        var request = isQuick ? Task.FromResult(7) : Later();
        Assert.Equal(7, await ProgressLine.While(Console(isTerminal), "changing", request));
        Assert.Equal("", _error.ToString());

        static async Task<int> Later()
        {
            await Task.Delay(20);
            return 7;
        }
    }

    [Fact]
    public async Task The_failure_of_a_request_comes_through() =>
        await Assert.ThrowsAsync<InvalidOperationException>(
            () => ProgressLine.While(Console(isTerminal: true), "changing", Task.FromException<int>(new InvalidOperationException())));

    public void Dispose() => _error.Dispose();

    private CliConsole Console(bool isTerminal) => new()
    {
        Out = TextWriter.Null,
        Error = _error,
        ErrorIsTerminal = isTerminal,
        ProgressInterval = TimeSpan.FromMilliseconds(1),
    };

    private sealed class TellingWriter : StringWriter
    {
        public TaskCompletionSource IsTold { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public override void Write(string? value)
        {
            base.Write(value);
            IsTold.TrySetResult();
        }
    }
}
