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

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("proc/1/ns/net")]
    [InlineData("a\0b")]
    public void A_network_namespace_is_a_name_or_an_absolute_path(string network) =>
        Assert.Contains("NetworkNamespace is a name", Assert.Throws<ArgumentException>(
            () => XdpDispatcher.Open(new XdpDispatcherOptions { NetworkNamespace = network })).Message, StringComparison.Ordinal);

    [Fact]
    public void A_network_namespace_that_does_not_exist_is_not_found() =>
        Assert.Contains("'xdt-nowhere'; /run/netns has", Assert.Throws<NotFoundException>(
            () => XdpDispatcher.Open(new XdpDispatcherOptions { NetworkNamespace = "xdt-nowhere" })).Message, StringComparison.Ordinal);

    [Fact]
    public void Without_a_host_the_same_options_are_refused() =>
        Assert.Contains("Deadline", Assert.Throws<ArgumentException>(
            () => XdpDispatcher.Open(new XdpDispatcherOptions { Deadline = TimeSpan.FromSeconds(-1) })).Message, StringComparison.Ordinal);
}
