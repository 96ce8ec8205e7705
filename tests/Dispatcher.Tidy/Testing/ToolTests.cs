using Dispatcher.Testing;
using Xunit.Sdk;

namespace Dispatcher.Tidy.Testing;

public sealed class ToolTests
{
    [Fact]
    public void Output_error_input_and_exit_code_come_back()
    {
        var result = Tool.Run(new ToolRequest("sh", "-c", "cat; echo bad >&2; exit 3") { Input = "good\n"u8.ToArray() });
        Assert.Equal(("good\n", "bad\n", 3), (result.Output, result.Error, result.ExitCode));
        Assert.Contains("exit code 3", Assert.ThrowsAny<XunitException>(() => result.OrFail()).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Much_output_does_not_block()
    {
        var result = Tool.Run("sh", "-c", "head -c 3000000 /dev/zero; head -c 3000000 /dev/zero >&2");
        Assert.Equal(3_000_000, result.OutputBytes.Length);
    }

    [Fact]
    public void A_tool_that_does_not_end_is_killed_and_fails_the_test()
    {
        var request = new ToolRequest("sleep", "600") { Timeout = TimeSpan.FromMilliseconds(300) };
        Assert.Contains("killed: sleep 600", Assert.ThrowsAny<XunitException>(() => Tool.Run(request)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_environment_can_be_changed()
    {
        var request = new ToolRequest("sh", "-c", "echo $GREETING") { Environment = new Dictionary<string, string?> { ["GREETING"] = "hello" } };
        Assert.Equal("hello\n", Tool.Run(request).Output);
    }
}
