using Dispatcher.Compiler;
using Microsoft.Extensions.Options;

namespace Dispatcher.Runtime.DependencyInjection;

/// <summary>Says everything that is wrong with a guard's options at once.</summary>
internal sealed class XdpGuardOptionsValidator : IValidateOptions<XdpGuardOptions>
{
    private const int MostAttemptsAllowed = 1000;

    /// <inheritdoc/>
    public ValidateOptionsResult Validate(string? name, XdpGuardOptions options)
    {
        var failures = new List<string>();
        if (options.InterfaceName.Length == 0)
            failures.Add($"{nameof(options.InterfaceName)} names the interface to guard; it is empty.");
        if (options.Programs.Count == 0)
            failures.Add($"{nameof(options.Programs)} holds the programs to guard; there is none.");
        foreach (var twice in options.Programs.GroupBy(program => program.Name, StringComparer.Ordinal).Where(group => group.Skip(1).Any()))
            failures.Add($"{nameof(options.Programs)} holds '{Printable.Escape(twice.Key)}' twice; programs are told apart by their function names.");
        if (!Enum.IsDefined(options.Policy))
            failures.Add($"{nameof(options.Policy)} is {nameof(GuardPolicy.ReportOnly)}, {nameof(GuardPolicy.WhenEmpty)} or {nameof(GuardPolicy.WhenMissing)}, not {options.Policy}.");
        if (options.MostAttempts is < 1 or > MostAttemptsAllowed)
            failures.Add($"{nameof(options.MostAttempts)} is 1 to {MostAttemptsAllowed}, not {options.MostAttempts}.");
        failures.AddRange(new[]
        {
            DurationRule.RefuseEmpty(nameof(options.Window), options.Window), DurationRule.RefuseNegative(nameof(options.RetryDelay), options.RetryDelay),
            DurationRule.RefuseLook(nameof(options.LookInterval), options.LookInterval),
        }.OfType<string>());
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
