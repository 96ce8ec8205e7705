using System.Text;

namespace Dispatcher.Fuzzing.Running;

/// <summary>One input with the reader it is for, as a text file: remarks after #, then the bytes in hexadecimal.</summary>
/// <param name="Reader">Name of the reader.</param>
/// <param name="Remarks">What it shows, lines.</param>
/// <param name="Input">The bytes.</param>
internal sealed record FuzzCase(string Reader, IReadOnlyList<string> Remarks, byte[] Input)
{
    private const string ReaderKey = "# reader: ";
    private const int BytesPerLine = 32;

    /// <summary>Reads a file.</summary>
    /// <exception cref="FormatException">No line that names the reader, or bytes that are not hexadecimal.</exception>
    public static FuzzCase Read(string path)
    {
        var lines = File.ReadAllLines(path);
        var reader = lines.FirstOrDefault(line => line.StartsWith(ReaderKey, StringComparison.Ordinal))
            ?? throw new FormatException($"'{path}' has no line that starts with '{ReaderKey}'.");
        var remarks = lines.Where(line => line.StartsWith('#') && line != reader).Select(line => line.TrimStart('#', ' '));
        var bytes = Convert.FromHexString(string.Concat(lines.Where(line => !line.StartsWith('#')).Select(line => line.Trim())));
        return new FuzzCase(reader[ReaderKey.Length..].Trim(), [.. remarks], bytes);
    }

    /// <summary>Writes a file and the folders above it.</summary>
    public void Write(string path)
    {
        var text = new StringBuilder().Append(ReaderKey).Append(Reader).Append('\n');
        foreach (var remark in Remarks)
            text.Append("# ").Append(remark).Append('\n');
        foreach (var line in Input.Chunk(BytesPerLine))
            text.Append(Convert.ToHexStringLower(line)).Append('\n');
        Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(path))!);
        File.WriteAllText(path, text.ToString());
    }
}
