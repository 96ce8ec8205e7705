using System.Text;

namespace Dispatcher.Cli.Output;

/// <summary>Breaks text into lines between words.</summary>
internal static class TextWrap
{
    /// <summary>The lines; a word that is longer than a line gets one of its own.</summary>
    /// <param name="text">Without line ends.</param>
    /// <param name="width">Characters a line has at most.</param>
    public static IEnumerable<string> Lines(string text, int width)
    {
        var line = new StringBuilder();
        foreach (var word in text.Split(' '))
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > width)
            {
                yield return line.ToString();
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        yield return line.ToString();
    }
}
