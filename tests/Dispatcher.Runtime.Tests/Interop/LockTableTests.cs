using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class LockTableTests
{
    private static readonly FileIdentity File = new(0, 0x1a, 5678, default);

    [Theory]
    [InlineData("1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF", 1234)]
    [InlineData("1: -> FLOCK  ADVISORY  WRITE 1240 00:1a:5678 0 EOF", null)]
    [InlineData("1: POSIX  ADVISORY  WRITE 1234 00:1a:5678 0 EOF", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE 1234 00:1b:5678 0 EOF", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE 1234 00:1a:5679 0 EOF", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE 0 00:1a:5678 0 EOF", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE -1 00:1a:5678 0 EOF", null)]
    [InlineData("1: FLOCK  ADVISORY  WRITE x zz:1a:5678 0 EOF", null)]
    [InlineData("1: FLOCK", null)]
    [InlineData("", null)]
    public void Names_who_holds_and_nobody_else(string line, int? holder) =>
        Assert.Equal(holder, LockTable.FindFlockHolder([line], File));

    [Theory]
    [InlineData("1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF", true)]
    [InlineData("1: -> FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF", true)]
    [InlineData("1: -> FLOCK  ADVISORY  WRITE 1240 00:1a:5678 0 EOF", false)]
    [InlineData("1: -> POSIX  ADVISORY  WRITE 1234 00:1a:5678 0 EOF", false)]
    [InlineData("1: ->", false)]
    public void Who_waits_is_at_the_lock_too(string line, bool isThere) => Assert.Equal(isThere, LockTable.HasFlock([line], File, 1234));

    [Fact]
    public void The_holder_stands_before_those_who_wait() =>
        Assert.Equal(11, LockTable.FindFlockHolder(
            ["1: FLOCK  ADVISORY  WRITE 10 00:1a:1 0 EOF", "2: FLOCK  ADVISORY  WRITE 11 00:1a:5678 0 EOF", "2: -> FLOCK  ADVISORY  WRITE 12 00:1a:5678 0 EOF"], File));
}
