using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class PossibleCpusTests
{
    [Theory]
    [InlineData("0\n", 1)]
    [InlineData("0-1\n", 2)]
    [InlineData("0,2-5\n", 5)]
    [InlineData("0-65535", 65536)]
    [InlineData("", null)]
    [InlineData("0-65536", null)]
    [InlineData("3-1", null)]
    [InlineData("0-3,2", null)]
    [InlineData("0-1-2", null)]
    [InlineData("-1", null)]
    [InlineData("0,", null)]
    [InlineData("0-9999999999", null)]
    public void Counts_lists_of_cpus_and_guesses_nothing(string text, int? count) => Assert.Equal(count, PossibleCpus.Parse(text));
}
