using System.Globalization;
using System.Text;

namespace Dispatcher.Compiler;

/// <summary>Makes names that come from the kernel or from a file safe to print.</summary>
public static class Printable
{
    private const int MaxLength = 1024;

    /// <summary>The text with control, format and line-breaking characters as <c>\x1b</c>, cut after 1024 characters.</summary>
    public static string Escape(string text) => Escape(text, MaxLength);

    /// <summary>The same, cut where the result would become longer than that; never inside a character or an escape.</summary>
    /// <param name="text">Any text.</param>
    /// <param name="maxLength">In UTF-16 units, without the three dots that stand for what is left out.</param>
    internal static string Escape(string text, int maxLength)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length <= maxLength && !text.Any(character => char.IsSurrogate(character) || NeedsEscape(char.GetUnicodeCategory(character))))
            return text;
        var escaped = new StringBuilder(Math.Min(text.Length, maxLength) + 8);
        foreach (var rune in text.EnumerateRunes())
        {
            var length = escaped.Length;
            if (NeedsEscape(Rune.GetUnicodeCategory(rune)))
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{rune.Value:x2}");
            else
                escaped.Append(rune);
            if (escaped.Length > maxLength)
            {
                escaped.Length = length;
                return escaped.Append("...").ToString();
            }
        }

        return escaped.ToString();
    }

    // Format characters can turn the direction of what follows on a terminal.
    private static bool NeedsEscape(UnicodeCategory category) => category
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
