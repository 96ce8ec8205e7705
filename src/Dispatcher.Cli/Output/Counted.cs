using System.Globalization;

namespace Dispatcher.Cli.Output;

/// <summary>A number with its noun.</summary>
internal static class Counted
{
    /// <summary>For example <c>1 program</c>, <c>2 programs</c>.</summary>
    /// <param name="count">How many.</param>
    /// <param name="noun">For one.</param>
    /// <param name="plural">For any other number; null: with an s.</param>
    public static string Of(int count, string noun, string? plural = null) =>
        string.Create(CultureInfo.InvariantCulture, $"{count} {(count == 1 ? noun : plural ?? noun + "s")}");
}
