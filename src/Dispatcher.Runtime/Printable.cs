using System.Globalization;
using System.Text;

namespace Dispatcher.Runtime;

/// <summary>Makes names that come from the kernel or from a file safe to print.</summary>
public static class Printable
{
    /// <summary>The text with control characters as <c>\x1b</c>.</summary>
    public static string Escape(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (!text.Any(char.IsControl))
            return text;
        var escaped = new StringBuilder(text.Length + 8);
        foreach (var c in text)
        {
            if (char.IsControl(c))
                escaped.Append(CultureInfo.InvariantCulture, $"\\x{(int)c:x2}");
            else
                escaped.Append(c);
        }

        return escaped.ToString();
    }
}
