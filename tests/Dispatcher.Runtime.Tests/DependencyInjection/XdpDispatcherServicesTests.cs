using Dispatcher.Runtime.DependencyInjection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Dispatcher.Runtime.Tests.DependencyInjection;

public sealed class XdpDispatcherServicesTests
{
    [Fact]
    public void A_host_gets_one_dispatcher_with_its_options()
    {
        using var services = new ServiceCollection()
            .AddXdpDispatcher(options => options.Deadline = TimeSpan.FromSeconds(3))
            .BuildServiceProvider();

        Assert.Same(services.GetRequiredService<XdpDispatcher>(), services.GetRequiredService<XdpDispatcher>());
        Assert.Equal(TimeSpan.FromSeconds(3), services.GetRequiredService<IOptions<XdpDispatcherOptions>>().Value.Deadline);
    }

    [Fact]
    public void Every_option_that_is_out_of_range_is_named_at_once()
    {
        using var services = new ServiceCollection()
            .AddXdpDispatcher(options => (options.BpfFsPath, options.Deadline, options.MaxBackoff) = ("bpf", TimeSpan.Zero, TimeSpan.Zero))
            .BuildServiceProvider();

        var error = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<XdpDispatcher>());

        Assert.Equal(3, error.Failures.Count());
        Assert.Contains("BpfFsPath is an absolute path, not 'bpf'", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_host_the_same_options_are_refused() =>
        Assert.Contains("Deadline", Assert.Throws<ArgumentException>(
            () => XdpDispatcher.Open(new XdpDispatcherOptions { Deadline = TimeSpan.FromSeconds(-1) })).Message, StringComparison.Ordinal);
}
