using System.Collections.Immutable;
using System.Globalization;
using System.Net;

namespace Dispatcher.Samples.Traffic;

/// <summary>What to send.</summary>
/// <param name="Target">IPv4 address.</param>
/// <param name="Ports">UDP ports, each gets the same number of packets, give or take one.</param>
/// <param name="Sockets">Number of sending sockets.</param>
/// <param name="SizeBytes">UDP payload.</param>
internal sealed record SendRequest(IPAddress Target, ImmutableArray<int> Ports, int Sockets, int SizeBytes)
{
    public static SendRequest Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments);
        var request = new SendRequest(
            IPAddress.TryParse(options.Text("--to"), out var target) ? target : throw new UsageException("--to takes an IP address."),
            [.. options.Text("--ports").Split(',').Select(port => Options.Number("--ports", port, 1, 65535))],
            options.Number("--sockets", 1, 64, otherwise: 4),
            options.Number("--size", 1, 1400, otherwise: 64));
        options.RefuseUnknown();
        return request;
    }
}

/// <summary>Which program to add and remove, and how often.</summary>
internal sealed record SwapRequest(string InterfaceName, string ObjectPath, int Times)
{
    public static SwapRequest Parse(ReadOnlySpan<string> arguments)
    {
        var options = new Options(arguments);
        var request = new SwapRequest(
            options.Text("--interface"), options.Text("--object"), options.Number("--times", 1, 1_000_000, otherwise: 100));
        options.RefuseUnknown();
        return request;
    }
}

/// <summary>Pairs of <c>--name value</c>.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = [];

    public Options(ReadOnlySpan<string> arguments)
    {
        for (var index = 0; index < arguments.Length; index += 2)
        {
            if (index + 1 == arguments.Length)
                throw new UsageException($"{arguments[index]} lacks its value.");
            if (!_values.TryAdd(arguments[index], arguments[index + 1]))
                throw new UsageException($"{arguments[index]} is given twice.");
        }
    }

    public string Text(string name) =>
        _values.Remove(name, out var value) ? value : throw new UsageException($"{name} is missing.");

    public int Number(string name, int minimum, int maximum, int otherwise) =>
        _values.Remove(name, out var value) ? Number(name, value, minimum, maximum) : otherwise;

    public static int Number(string name, string value, int minimum, int maximum) =>
        int.TryParse(value, CultureInfo.InvariantCulture, out var number) && number >= minimum && number <= maximum
            ? number
            : throw new UsageException($"{name} takes a number from {minimum} to {maximum}.");

    public void RefuseUnknown()
    {
        if (_values.Count > 0)
            throw new UsageException($"{_values.Keys.First()} is not an option here.");
    }
}

/// <summary>The command line is wrong.</summary>
internal sealed class UsageException(string message) : Exception(message);
