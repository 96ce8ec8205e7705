using System.Globalization;
using System.Text;

namespace Dispatcher.Compiler;

/// <summary>Makes names that come from the kernel or from a file safe to print.</summary>
public static class Printable
{
    private const int MaxLength = 1024;

    /// <summary>The text with control, format and line-breaking characters as <c>\x1b</c>, cut after 1024 characters.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (text.Length > MaxLength)
            text = text[..MaxLength] + "...";
        if (!text.Any(NeedsEscape))
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var character in text)
        {
            if (NeedsEscape(character))
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)character:x2}");
            else
                escaped.Append(character);
        }

        return escaped.ToString();
    }

    // Format characters can turn the direction of what follows on a terminal.
    private static bool NeedsEscape(char character) => char.GetUnicodeCategory(character)
        is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator or UnicodeCategory.ParagraphSeparator;
}
