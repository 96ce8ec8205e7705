using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class MemLockLimitTests
{
    [Fact]
    public void A_limit_that_this_process_cannot_raise_is_named_with_what_lifts_it()
    {
        var advice = MemLockLimit.AdviceFor(64 << 10, mayRaise: false);
        Assert.StartsWith("Kernels before 5.11 charge BPF to RLIMIT_MEMLOCK, which is 64 KiB for this process", advice, StringComparison.Ordinal);
        Assert.Contains("LimitMEMLOCK=infinity", advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(64UL << 10, true)]
    [InlineData(ulong.MaxValue, false)]
    [InlineData(null, false)]
    public void Otherwise_it_is_not_blamed(ulong? limit, bool mayRaise) => Assert.Null(MemLockLimit.AdviceFor(limit, mayRaise));

    [Fact]
    public void Newer_kernels_have_none() => Assert.True(MemLockLimit.Applies || MemLockLimit.Advice() is null);
}
