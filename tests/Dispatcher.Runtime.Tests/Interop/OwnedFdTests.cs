using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class OwnedFdTests
{
    [Fact]
    public void A_failed_call_gives_an_invalid_handle()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        using var fd = Libc.Open("/no/such/folder", Libc.OpenDirectory);
        Assert.True(fd.IsInvalid);
    }

    [Fact]
    public void A_closed_handle_cannot_be_leased()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs Linux");
        var fd = Libc.Open("/", Libc.OpenDirectory);
        fd.Dispose();
        Assert.Throws<ObjectDisposedException>(() =>
        {
            using var lease = new FdLease(fd);
        });
    }

    [Fact]
    public void No_handle_gives_the_number_that_stands_for_none()
    {
        using var zero = new FdLease(null);
        using var minusOne = new FdLease(null, none: -1);
        Assert.Equal((0, -1), (zero.Number, minusOne.Number));
    }

    [Theory]
    [InlineData("xdp_dispatcher", "xdp_dispatcher")]
    [InlineData("exactly_fifteen", "exactly_fifteen")]
    [InlineData("more_than_fifteen", "more_than_fifte")]
    [InlineData("a b-c/d", "a_b_c_d")]
    [InlineData("", "")]
    public void Names_of_kernel_objects_are_cut_and_made_acceptable(string name, string kernelName) =>
        Assert.Equal(kernelName, KernelName16.From(name).ToString());
}
