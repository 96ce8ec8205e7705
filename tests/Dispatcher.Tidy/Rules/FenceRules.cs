using System.Text.RegularExpressions;

namespace Dispatcher.Tidy.Rules;

/// <summary>Who may use what: unsafe code, namespaces, projects.</summary>
internal static partial class FenceRules
{
    private const string InteropFolder = "src/Dispatcher.Runtime/Interop/";
    private const string CompilerFolder = "src/Dispatcher.Compiler/";

    /// <summary>May name the Linux implementation of the port: who constructs it, and probes, whose subject is the running host itself.</summary>
    private static readonly string[] InteropUsers =
        ["src/Dispatcher.Runtime/XdpDispatcher.cs", "src/Dispatcher.Runtime/DependencyInjection/", "src/Dispatcher.Runtime/Features/"];

    /// <summary>Compares the layout of the structs in Interop with the kernel's, for which it must ask where their fields are.</summary>
    private const string LayoutTests = "tests/Dispatcher.Kernel.Tests/Port/LayoutTests.cs";

    /// <summary>Parts of the Compiler that do not know each other.</summary>
    private static readonly string[] Islands = ["Bpf", "Btf", "Elf", "Model"];

    private static readonly string[] CompilerParts = [.. Islands, "Emit", "Metadata"];

    /// <summary>The references that there may be between projects of src.</summary>
    private static readonly HashSet<(string From, string To)> References =
    [
        ("Dispatcher.Runtime", "Dispatcher.Compiler"), ("Dispatcher.Cli", "Dispatcher.Runtime"), ("Dispatcher.Cli", "Dispatcher.Compiler"),
    ];

    public static IReadOnlyList<Rule> All { get; } =
    [
        new("Unsafe code and native calls are in Runtime/Interop only", Unsafe, Code("src/Dispatcher.Runtime/State/A.cs", "un" + "safe void F() { }")),
        new("Parts of the Compiler do not know each other", IslandBridges, Code("src/Dispatcher.Compiler/Elf/A.cs", "using Dispatcher.Compiler.Btf;")),
        new("Only the facade, dependency injection and probes name a type of Interop", InteropNames, Code("src/Dispatcher.Runtime/State/A.cs", "using Dispatcher.Runtime.Interop;")),
        new("References point from Cli to Runtime to Compiler", ProjectReferences, Code("src/Dispatcher.Compiler/Dispatcher.Compiler.csproj", "<ProjectReference Include=\"../Dispatcher.Runtime/Dispatcher.Runtime.csproj\" />")),
        new("The Compiler has no packages", CompilerPackages, Code("src/Dispatcher.Compiler/Dispatcher.Compiler.csproj", "<PackageReference Include=\"X\" />")),
        new("The Compiler does no input or output", CompilerIo, Code("src/Dispatcher.Compiler/Emit/A.cs", "var text = File.ReadAllText(path);")),
    ];

    private static SourceFile Code(string path, string line) => new(path, line + "\n");

    private static IEnumerable<string> Unsafe(SourceFile file)
    {
        if (!IsCode(file) || file.Path.StartsWith(InteropFolder, StringComparison.Ordinal) || file.Path.StartsWith("tests/Dispatcher.Tidy/", StringComparison.Ordinal)
            || file.Path == LayoutTests)
            return [];
        return CodeMatches(file, UnsafeWord());
    }

    private static IEnumerable<string> IslandBridges(SourceFile file)
    {
        var island = Islands.FirstOrDefault(name => file.Path.StartsWith($"{CompilerFolder}{name}/", StringComparison.Ordinal));
        if (island is null || !IsCode(file))
            return [];
        var others = string.Join('|', CompilerParts.Where(part => part != island));
        return CodeMatches(file, new Regex($@"(Dispatcher\.Compiler\.|(?<![\w.""])Compiler\.|(?<![\w.""])(?=({others})\.[A-Z]))({others})\b"));
    }

    private static IEnumerable<string> InteropNames(SourceFile file)
    {
        var isWatched = IsCode(file)
            && file.Path.StartsWith("src/", StringComparison.Ordinal)
            && !file.Path.StartsWith(InteropFolder, StringComparison.Ordinal)
            && !InteropUsers.Any(user => file.Path.StartsWith(user, StringComparison.Ordinal));
        return isWatched ? CodeMatches(file, InteropNamespace()) : [];
    }

    private static IEnumerable<string> ProjectReferences(SourceFile file)
    {
        if (!file.Path.StartsWith("src/", StringComparison.Ordinal) || !file.Path.EndsWith(".csproj", StringComparison.Ordinal))
            yield break;
        var from = Path.GetFileNameWithoutExtension(file.Path);
        foreach (Match match in ProjectReference().Matches(file.Text))
        {
            var to = Path.GetFileNameWithoutExtension(match.Groups[1].Value.Replace('\\', '/'));
            if (!References.Contains((from, to)))
                yield return $"{from} refers to {to}";
        }
    }

    private static IEnumerable<string> CompilerPackages(SourceFile file) =>
        file.Path == CompilerFolder + "Dispatcher.Compiler.csproj" ? TextRules.Matches(file, PackageReference()) : [];

    private static IEnumerable<string> CompilerIo(SourceFile file) =>
        file.Path.StartsWith(CompilerFolder, StringComparison.Ordinal) && IsCode(file) ? CodeMatches(file, Io()) : [];

    private static bool IsCode(SourceFile file) => file.Path.EndsWith(".cs", StringComparison.Ordinal);

    private static IEnumerable<string> CodeMatches(SourceFile file, Regex regex) =>
        file.CodeLines.Index().Where(line => regex.IsMatch(line.Item)).Select(line => $"line {line.Index + 1}: {line.Item.Trim()}");

    [GeneratedRegex(@"\b(unsafe|DllImport|LibraryImport|Marshal)\b")]
    private static partial Regex UnsafeWord();

    [GeneratedRegex(@"Dispatcher\.Runtime\.Interop\b|(?<![\w.""])(Runtime\.)?Interop\.[A-Z]")]
    private static partial Regex InteropNamespace();

    [GeneratedRegex("<ProjectReference\\s+Include=\"([^\"]+)\"")]
    private static partial Regex ProjectReference();

    [GeneratedRegex("<PackageReference\\s")]
    private static partial Regex PackageReference();

    [GeneratedRegex(@"(?<![\w.])(File|Directory|Console|Process|Environment|Socket|HttpClient|FileStream)\.\w|new FileStream\(|DateTime(Offset)?\.(Utc)?Now|Random\.Shared|Guid\.NewGuid")]
    private static partial Regex Io();
}
