using System.Globalization;

namespace Dispatcher.Cli.Output;

/// <summary>A number with its noun.</summary>
internal static class Counted
{
    /// <summary>For example <c>1 program</c>, <c>2 programs</c>.</summary>
    public static string Of(int count, string noun) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {noun}{(count == 1 ? "" : "s")}");
}
