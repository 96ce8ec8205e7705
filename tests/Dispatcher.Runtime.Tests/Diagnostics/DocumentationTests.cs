using System.Diagnostics.Metrics;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Testing;
using Microsoft.Extensions.Logging;

namespace Dispatcher.Runtime.Tests.Diagnostics;

/// <summary>docs/telemetry.md names every instrument and every log message, and no others.</summary>
public sealed class DocumentationTests
{
    private static readonly string Text = File.ReadAllText(Repository.PathOf("docs/telemetry.md"));

    [Fact]
    public void Every_instrument_is_documented()
    {
        // Instruments exist once their types are initialised.
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(ChangeTelemetry).TypeHandle);
        System.Runtime.CompilerServices.RuntimeHelpers.RunClassConstructor(typeof(GuardMetrics).TypeHandle);
        var names = new SortedSet<string>(StringComparer.Ordinal);
        using (var listener = new MeterListener())
        {
            listener.InstrumentPublished = (instrument, _) =>
            {
                if (instrument.Meter.Name == XdpDispatcherTelemetry.MeterName)
                    names.Add(instrument.Name);
            };
            listener.Start();
        }

        Assert.Equal(names, Rows("xdp.").Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Every_log_message_is_documented()
    {
        var messages = new[] { typeof(ChainLog), typeof(GuardLog) }.SelectMany(type => type.GetMethods())
            .SelectMany(method => method.GetCustomAttributes(typeof(LoggerMessageAttribute), false).Cast<LoggerMessageAttribute>());
        Assert.Equal(
            messages.Select(message => $"| {message.EventId} | {message.Level.ToString().ToLowerInvariant()} |").Order(StringComparer.Ordinal),
            Text.Split('\n').Where(line => line.Length > 2 && char.IsAsciiDigit(line[2])).Select(line => string.Join('|', line.Split('|')[..3]) + "|").Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Rows(string prefix) =>
        Text.Split('\n').Where(line => line.StartsWith($"| `{prefix}", StringComparison.Ordinal)).Select(line => line.Split('`')[1]);
}
