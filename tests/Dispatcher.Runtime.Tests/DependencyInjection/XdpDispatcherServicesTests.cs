using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
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
    public void Options_are_bound_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Xdp:BpfFsPath"] = "/mnt/bpf",
            ["Xdp:Deadline"] = "00:00:10",
            ["Xdp:MountBpfFs"] = "true",
        }).Build();
        using var services = new ServiceCollection().AddXdpDispatcher(configuration.GetSection("Xdp")).BuildServiceProvider();

        var options = services.GetRequiredService<IOptions<XdpDispatcherOptions>>().Value;
        Assert.Equal(("/mnt/bpf", TimeSpan.FromSeconds(10), true, new XdpDispatcherOptions().MaxBackoff), (options.BpfFsPath, options.Deadline, options.MountBpfFs, options.MaxBackoff));
    }

    [Fact]
    public void Dispatchers_by_name_have_options_of_their_own()
    {
        using var services = new ServiceCollection()
            .AddXdpDispatcher()
            .AddXdpDispatcher("patient", options => options.Deadline = TimeSpan.FromMinutes(5))
            .AddXdpDispatcher("wrong", options => options.Deadline = TimeSpan.Zero)
            .BuildServiceProvider();

        Assert.NotSame(services.GetRequiredService<XdpDispatcher>(), services.GetRequiredKeyedService<XdpDispatcher>("patient"));
        Assert.Equal(TimeSpan.FromMinutes(5), services.GetRequiredService<IOptionsMonitor<XdpDispatcherOptions>>().Get("patient").Deadline);
        Assert.Throws<OptionsValidationException>(() => services.GetRequiredKeyedService<XdpDispatcher>("wrong"));
    }

    [Fact]
    public async Task A_host_with_wrong_options_does_not_start()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddXdpDispatcher(options => options.Deadline = TimeSpan.Zero);
        using var host = builder.Build();
        var error = await Assert.ThrowsAsync<OptionsValidationException>(() => host.StartAsync(TestContext.Current.CancellationToken));
        Assert.Contains("Deadline is longer than nothing", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_number_alone_in_a_configuration_is_days_which_is_said()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { ["Deadline"] = "30", ["MaxBackoff"] = "2" }).Build();
        using var services = new ServiceCollection().AddXdpDispatcher(configuration).BuildServiceProvider();

        var refused = Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<XdpDispatcher>());
        Assert.Equal(
            [
                "Deadline is longer than nothing and at most a day, not 30.00:00:00 (00:00:30 is thirty seconds; in a configuration a number alone is days).",
                "MaxBackoff is nothing to a day, not 2.00:00:00 (00:00:30 is thirty seconds; in a configuration a number alone is days).",
            ],
            refused.Failures);
    }

    [Fact]
    public void Options_of_a_guard_can_be_bound_from_configuration()
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["Guard:InterfaceName"] = "eth1",
            ["Guard:Policy"] = "WhenEmpty",
            ["Guard:DetachWhenStopped"] = "true",
            ["Guard:StopHostWhenEnded"] = "true",
            ["Guard:Attach:Mode"] = "Skb",
        }).Build();
        XdpGuardOptions? bound = null;
        using var services = new ServiceCollection().AddXdpGuard(options =>
        {
            configuration.GetSection("Guard").Bind(options);
            options.Programs.Add(Simulation.World.Component("firewall"));
            bound = options;
        }).BuildServiceProvider();

        Assert.Single(services.GetServices<IHostedService>());
        Assert.Equal(
            ("eth1", GuardPolicy.WhenEmpty, true, true, AttachMode.Skb, new XdpGuardOptions().Window),
            (bound!.InterfaceName, bound.Policy, bound.DetachWhenStopped, bound.StopHostWhenEnded, bound.Attach.Mode, bound.Window));
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
