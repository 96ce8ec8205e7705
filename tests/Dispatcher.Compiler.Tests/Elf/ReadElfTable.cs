using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatcher.Compiler.Tests.Elf;

/// <summary>Reads the tables that GNU readelf prints with <c>-W</c>. Names with spaces are not expected.</summary>
internal static partial class ReadElfTable
{
    public static IEnumerable<(int Index, string Name, string Type, long Size, ulong EntrySize, ulong Alignment)> Sections(string text) =>
        SectionLine().Matches(text).Select(m => (
            int.Parse(m.Groups["nr"].Value, CultureInfo.InvariantCulture),
            m.Groups["name"].Value,
            m.Groups["type"].Value,
            Hex<long>(m.Groups["size"].Value),
            Hex<ulong>(m.Groups["es"].Value),
            ulong.Parse(m.Groups["al"].Value, CultureInfo.InvariantCulture)));

    public static IEnumerable<(ulong Value, ulong Size, string Type, string Binding, string Visibility, string Section, string Name)> Symbols(string text) =>
        SymbolLine().Matches(text).Select(m => (
            Hex<ulong>(m.Groups["value"].Value),
            ulong.Parse(m.Groups["size"].Value, CultureInfo.InvariantCulture),
            m.Groups["type"].Value,
            m.Groups["bind"].Value,
            m.Groups["vis"].Value,
            m.Groups["ndx"].Value,
            m.Groups["name"].Value));

    public static IEnumerable<(string Table, ulong Offset, uint Type, string? Symbol)> Relocations(string text)
    {
        var table = "";
        foreach (var line in text.Split('\n'))
        {
            if (line.StartsWith("Relocation section '", StringComparison.Ordinal))
                table = line.Split('\'')[1];
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length >= 3 && words[0].Length == 16 && words[1].Length == 16)
                yield return (table, Hex<ulong>(words[0]), (uint)Hex<ulong>(words[1]), words.Length >= 5 ? words[4] : null);
        }
    }

    private static T Hex<T>(string text)
        where T : System.Numerics.INumberBase<T> => T.Parse(text, NumberStyles.HexNumber, CultureInfo.InvariantCulture);

    [GeneratedRegex(@"^ +\[ *(?<nr>\d+)\] (?<name>\S*) +(?<type>\S+) +[0-9a-f]{16} [0-9a-f]+ (?<size>[0-9a-f]+) (?<es>[0-9a-f]+) +(?<flags>[A-Zxop]*) +(?<lk>\d+) +(?<inf>\d+) +(?<al>\d+)$", RegexOptions.Multiline)]
    private static partial Regex SectionLine();

    [GeneratedRegex(@"^ +\d+: (?<value>[0-9a-f]{16}) +(?<size>\d+) (?<type>\w+) +(?<bind>\w+) +(?<vis>\w+) +(?<ndx>\w+) ?(?<name>\S*) *$", RegexOptions.Multiline)]
    private static partial Regex SymbolLine();
}
