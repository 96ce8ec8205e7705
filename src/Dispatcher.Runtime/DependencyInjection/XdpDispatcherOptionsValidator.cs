using Dispatcher.Compiler;
using Microsoft.Extensions.Options;

namespace Dispatcher.Runtime.DependencyInjection;

/// <summary>Says everything that is wrong with the options at once.</summary>
internal sealed class XdpDispatcherOptionsValidator : IValidateOptions<XdpDispatcherOptions>
{
    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, XdpDispatcherOptions options)
    {
        var failures = new List<string>();
        if (!Path.IsPathRooted(options.BpfFsPath))
            failures.Add($"{nameof(options.BpfFsPath)} is an absolute path, not '{Printable.Escape(options.BpfFsPath)}'.");
        if (options.NetworkNamespace is { } network && !IsNameOrPath(network))
            failures.Add($"{nameof(options.NetworkNamespace)} is a name as under /run/netns or an absolute path, not '{Printable.Escape(network)}'.");
        failures.AddRange(new[]
        {
            DurationRule.RefuseEmpty(nameof(options.Deadline), options.Deadline), DurationRule.RefuseEmpty(nameof(options.InitialBackoff), options.InitialBackoff),
            DurationRule.RefuseNegative(nameof(options.MaxBackoff), options.MaxBackoff), DurationRule.RefuseNegative(nameof(options.SweepGracePeriod), options.SweepGracePeriod),
        }.OfType<string>());
        if (options.MaxBackoff < options.InitialBackoff)
            failures.Add($"{nameof(options.MaxBackoff)} is at least {nameof(options.InitialBackoff)}, not {options.MaxBackoff}.");
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }

    private static bool IsNameOrPath(string network) => !network.Contains('\0', StringComparison.Ordinal)
        && (network.Contains('/', StringComparison.Ordinal) ? Path.IsPathRooted(network) : network is not ("" or "." or ".."));
}
