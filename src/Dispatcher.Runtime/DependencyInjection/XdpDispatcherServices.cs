using Dispatcher.Runtime;
using Dispatcher.Runtime.DependencyInjection;
using Dispatcher.Runtime.Guarding;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Registration in a host's services.</summary>
/// <remarks>
/// Options are checked when the host starts, and by a container without host when the dispatcher is first asked for: an
/// <see cref="OptionsValidationException"/> names everything that is wrong with them.
/// </remarks>
public static class XdpDispatcherServices
{
    // Options.DefaultName, which this namespace hides.
    private const string Unnamed = "";

    /// <summary>Adds <see cref="XdpDispatcher"/> as a singleton.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the defaults; null: they stay.</param>
    /// <returns>The same services, to go on with.</returns>
    public static IServiceCollection AddXdpDispatcher(this IServiceCollection services, Action<XdpDispatcherOptions>? configure = null)
    {
        AddOptions(services, Unnamed, configure);
        services.TryAddSingleton(provider => Open(provider, Unnamed));
        return services;
    }

    /// <summary>Adds <see cref="XdpDispatcher"/> as a singleton with options from the host's configuration.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="section">Keys are the names of the options, for example <c>Deadline</c>: <c>00:00:10</c>.</param>
    /// <returns>The same services, to go on with.</returns>
    public static IServiceCollection AddXdpDispatcher(this IServiceCollection services, IConfiguration section)
    {
        ArgumentNullException.ThrowIfNull(section);
        AddOptions(services, Unnamed, null).Bind(section);
        services.TryAddSingleton(provider => Open(provider, Unnamed));
        return services;
    }

    /// <summary>Adds a further <see cref="XdpDispatcher"/> as a keyed singleton, for another network namespace for example.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="name">Key of the service and name of its options.</param>
    /// <param name="configure">Changes the defaults; null: they stay.</param>
    /// <returns>The same services, to go on with.</returns>
    public static IServiceCollection AddXdpDispatcher(this IServiceCollection services, string name, Action<XdpDispatcherOptions>? configure = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        AddOptions(services, name, configure);
        services.TryAddKeyedSingleton(name, (provider, _) => Open(provider, name));
        return services;
    }

    /// <summary>Adds a guard that runs as long as the host does (<see cref="XdpGuard"/>), on the <see cref="XdpDispatcher"/> of the services. One call for each interface.</summary>
    /// <param name="services">The host's services; <see cref="AddXdpDispatcher(IServiceCollection, Action{XdpDispatcherOptions}?)"/> is called for them if it was not.</param>
    /// <param name="configure">Names interface, programs and policy. Called once when the host starts.</param>
    /// <returns>The same services, to go on with.</returns>
    /// <remarks>
    /// While the host runs, a detach of a guarded program by anybody is undone. To remove it, stop the host first (the chain runs on), then detach; or set
    /// <see cref="XdpGuardOptions.DetachWhenStopped"/>. Detaching takes a part of the host's time to stop.
    /// </remarks>
    public static IServiceCollection AddXdpGuard(this IServiceCollection services, Action<XdpGuardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        return services.AddXdpGuard((_, options) => configure(options));
    }

    /// <summary>As the other one, with the host's services at hand.</summary>
    public static IServiceCollection AddXdpGuard(this IServiceCollection services, Action<IServiceProvider, XdpGuardOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        services.AddXdpDispatcher();
        services.AddSingleton<IHostedService>(provider =>
        {
            var options = new XdpGuardOptions();
            configure(provider, options);
            if (new XdpGuardOptionsValidator().Validate(null, options) is { Failed: true } refused)
                throw new OptionsValidationException(Unnamed, typeof(XdpGuardOptions), refused.Failures);
            return new GuardService(
                provider.GetRequiredService<XdpDispatcher>(), options, provider.GetService<ILogger<XdpGuard>>() ?? NullLogger<XdpGuard>.Instance,
                provider.GetService<IHostApplicationLifetime>());
        });
        return services;
    }

    private static OptionsBuilder<XdpDispatcherOptions> AddOptions(IServiceCollection services, string name, Action<XdpDispatcherOptions>? configure)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.TryAddEnumerable(ServiceDescriptor.Singleton<IValidateOptions<XdpDispatcherOptions>, XdpDispatcherOptionsValidator>());
        var options = services.AddOptions<XdpDispatcherOptions>(name).ValidateOnStart();
        return configure is null ? options : options.Configure(configure);
    }

    private static XdpDispatcher Open(IServiceProvider provider, string name) => XdpDispatcher.Open(
        provider.GetRequiredService<IOptionsMonitor<XdpDispatcherOptions>>().Get(name), provider.GetService<ILogger<XdpDispatcher>>());
}
