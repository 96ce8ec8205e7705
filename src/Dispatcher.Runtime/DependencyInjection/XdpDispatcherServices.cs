using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Dispatcher.Runtime.DependencyInjection;

/// <summary>Registration in a host's services.</summary>
public static class XdpDispatcherServices
{
    /// <summary>Adds <see cref="XdpDispatcher"/> as a singleton.</summary>
    /// <param name="services">The host's services.</param>
    /// <param name="configure">Changes the defaults; null: they stay.</param>
    /// <returns>The same services, to go on with.</returns>
    /// <exception cref="OptionsValidationException">Thrown when the dispatcher is first asked for and an option is out of range.</exception>
    public static IServiceCollection AddXdpDispatcher(this IServiceCollection services, Action<XdpDispatcherOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(services);
        var options = services.AddOptions<XdpDispatcherOptions>();
        if (configure is not null)
            options.Configure(configure);
        services.AddSingleton<IValidateOptions<XdpDispatcherOptions>, XdpDispatcherOptionsValidator>();
        services.AddSingleton(provider => XdpDispatcher.Open(
            provider.GetRequiredService<IOptions<XdpDispatcherOptions>>().Value,
            provider.GetService<ILogger<XdpDispatcher>>()));
        return services;
    }
}
