using System.Text;
using System.Text.Unicode;

namespace Dispatcher.Compiler.Btf;

/// <summary>Names read from a string section, each decoded once.</summary>
/// <remarks>
/// Names may share their ends, so a few bytes could spell out to gigabytes of text: 80,000 names in one string of
/// a megabyte. What is decoded in all is therefore bounded by a multiple of the section; compilers use less than one.
/// </remarks>
internal sealed class BtfStrings
{
    private const int MaxReuse = 8;
    private readonly Dictionary<uint, string> _decoded = [];
    private long _budget;

    public BtfStrings(ReadOnlySpan<byte> section, long sectionOffset)
    {
        if (section.IsEmpty || section[0] != 0)
            throw new MalformedObjectException(BtfData.Format, sectionOffset, "the string section starts with the empty string");
        if (section[^1] != 0)
            throw new MalformedObjectException(BtfData.Format, sectionOffset + section.Length - 1, "the last string ends with a NUL");
        _budget = (long)section.Length * MaxReuse;
    }

    public string NameAt(ReadOnlySpan<byte> section, uint offset, long fieldOffset)
    {
        if (offset == 0)
            return "";
        if (_decoded.TryGetValue(offset, out var name))
            return name;
        if (offset >= section.Length)
            throw new MalformedObjectException(BtfData.Format, fieldOffset, $"a name stands in the {section.Length} bytes of strings, not at {offset}");
        var text = section[(int)offset..];
        text = text[..text.IndexOf((byte)0)];
        if (!Utf8.IsValid(text))
            throw new MalformedObjectException(BtfData.Format, fieldOffset, $"the name at string offset {offset} is UTF-8");
        _budget -= text.Length;
        if (_budget < 0)
            throw new MalformedObjectException(BtfData.Format, fieldOffset, $"names that share bytes spell out to at most {MaxReuse} times the string section");
        name = Encoding.UTF8.GetString(text);
        _decoded.Add(offset, name);
        return name;
    }
}
