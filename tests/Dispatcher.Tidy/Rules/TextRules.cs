using System.Text.RegularExpressions;

namespace Dispatcher.Tidy.Rules;

/// <summary>Rules about any text: length, words, names of machines.</summary>
internal static partial class TextRules
{
    private const int MaxLines = 400;

    /// <summary>Built from parts, so that this file does not break its own rule.</summary>
    private static readonly Regex LeftOver = new(@"\b(TO" + @"DO|FIX" + @"ME)\b");

    /// <summary>A path from the root of one machine; not one below a variable, such as $folder/root.</summary>
    private static readonly Regex MachinePath = new("(?<![\\w.$}*)])(?<!\\w\")/(root|work|home)" + "/");

    private static readonly Dictionary<string, string> MachinePathExceptions = new(StringComparer.Ordinal)
    {
        ["eng/vm/initramfs-init"] = "the guest mounts the machine's root there",
    };

    private static readonly Lazy<string[]> RegistryHosts = new(ReadRegistryHosts);

    /// <summary>Counts as a host of this machine, so that the rule can be seen to fail wherever it runs.</summary>
    private const string PlantedHost = "registry." + "planted.example";

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("A file has at most 400 lines", TooLong, new SourceFile("src/Long.cs", string.Concat(Enumerable.Repeat("x\n", 401)))),
        new("Nothing is left to do", file => Matches(file, LeftOver), new SourceFile("src/A.cs", "// TO" + "DO later\n")),
        new("No file names a folder of one machine", MachinePaths, new SourceFile("README.md", "see /ho" + "me/me/x\n")),
        new("No file names the machine's package registry", RegistryNames, new SourceFile("NuGet.config", PlantedHost + "\n")),
        new("Lines end with LF and the last line too", LineEnds, new SourceFile("src/A.cs", "x\r\n")),
    ];

    private static IEnumerable<string> TooLong(SourceFile file)
    {
        var isWritten = !file.Path.EndsWith(".verified.txt", StringComparison.Ordinal) && !file.Path.EndsWith(".sln", StringComparison.Ordinal);
        if (isWritten && file.Lines.Length > MaxLines)
            yield return $"{file.Lines.Length} lines";
    }

    private static IEnumerable<string> MachinePaths(SourceFile file) =>
        MachinePathExceptions.ContainsKey(file.Path) ? [] : Matches(file, MachinePath);

    private static IEnumerable<string> RegistryNames(SourceFile file) =>
        RegistryHosts.Value.Where(host => file.Text.Contains(host, StringComparison.OrdinalIgnoreCase)).Select(_ => "names a host of this machine's package sources");

    private static IEnumerable<string> LineEnds(SourceFile file)
    {
        if (file.Text.Contains('\r', StringComparison.Ordinal))
            yield return "has a CR";
        if (file.Text.Length > 0 && !file.Text.EndsWith('\n'))
            yield return "its last line has no end";
    }

    internal static IEnumerable<string> Matches(SourceFile file, Regex regex) =>
        file.Lines.Index().Where(line => regex.IsMatch(line.Item)).Select(line => $"line {line.Index + 1}: {line.Item.Trim()}");

    /// <summary>Hosts of the package sources that this machine is set up with; not its own address.</summary>
    private static string[] ReadRegistryHosts()
    {
        var home = Environment.GetFolderPath(Environment.SpecialFolder.UserProfile);
        var files = new[] { Path.Combine(home, ".nuget", "NuGet", "NuGet.Config"), "/etc/apt/sources.list" }
            .Concat(Directory.Exists("/etc/apt/sources.list.d") ? Directory.EnumerateFiles("/etc/apt/sources.list.d") : []);
        return [.. files.Where(File.Exists)
            .SelectMany(path => Host().Matches(File.ReadAllText(path)))
            .Select(match => match.Groups[1].Value)
            .Where(host => host is not ("localhost" or "127.0.0.1"))
            .Append(PlantedHost)
            .Distinct(StringComparer.OrdinalIgnoreCase)];
    }

    [GeneratedRegex("https?://(?:[^/@\"\\s]*@)?([^/:\"\\s]+)")]
    private static partial Regex Host();
}
