using System.Globalization;
using System.Reflection;
using Dispatcher.Testing;

namespace Dispatcher.Runtime.Tests.DependencyInjection;

/// <summary>docs/operations.md names every option that a configuration can set, with its default, and no others.</summary>
public sealed class ConfigurationKeyTests
{
    // What the environment says, and what has no default.
    private static readonly string[] ToldInWords =
        [nameof(XdpDispatcherOptions.BpfFsPath), nameof(XdpDispatcherOptions.MountBpfFs), nameof(XdpDispatcherOptions.NetworkNamespace), nameof(XdpGuardOptions.InterfaceName)];

    [Fact]
    public void Those_of_the_dispatcher() => AssertTold("| key of the dispatcher |", new XdpDispatcherOptions());

    [Fact]
    public void Those_of_a_guard() => AssertTold("| key of a guard |", new XdpGuardOptions());

    private static void AssertTold(string head, object defaults)
    {
        var rows = File.ReadLines(Repository.PathOf("docs/operations.md")).SkipWhile(line => !line.StartsWith(head, StringComparison.Ordinal)).Skip(2)
            .TakeWhile(line => line.StartsWith("| `", StringComparison.Ordinal)).Select(line => line.Split('|')).ToDictionary(cells => cells[1].Trim(' ', '`'), cells => cells[2].Trim(' ', '`'));
        var options = defaults.GetType().GetProperties().Where(IsBound).ToList();
        Assert.Equal(options.Select(option => option.Name).Order(StringComparer.Ordinal), rows.Keys.Order(StringComparer.Ordinal));
        foreach (var option in options.Where(option => !ToldInWords.Contains(option.Name)))
            Assert.Equal(Convert.ToString(option.GetValue(defaults), CultureInfo.InvariantCulture), rows[option.Name]);
    }

    private static bool IsBound(PropertyInfo option) =>
        option.CanWrite && (option.PropertyType.IsValueType || option.PropertyType == typeof(string));
}
