using System.IO.Compression;
using System.Text.RegularExpressions;

namespace Dispatcher.Packages.Tests.Libraries;

public sealed partial class LibraryPackageTests
{
    public static TheoryData<string, string> Promises => new()
    {
        { "Dispatcher.Compiler", @"^A dispatcher for 2 programs: \d{4} bytes of ELF\n$" },
        { "Dispatcher.Runtime", @"^lo: \d+ programs in a chain\n$" },
    };

    public static TheoryData<string> Libraries => [.. Promises.Select(row => row.Data.Item1)];

    [Theory]
    [MemberData(nameof(Promises))]
    public void A_project_outside_the_repository_restores_builds_and_runs_what_the_page_of_the_package_shows(string library, string output)
    {
        var package = BuiltPackages.Require($"{library}.*.nupkg");
        var version = Path.GetFileNameWithoutExtension(package)[(library.Length + 1)..];
        using var consumer = new Consumer(library, version, ProgramOn(ReadmeOf(package)));
        Assert.Matches(output, consumer.Run());
        Assert.True(File.Exists(Path.Combine(consumer.PackagesFolder, library.ToLowerInvariant(), version, "lib/net10.0", $"{library}.dll")));
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void A_package_has_its_page_its_documentation_and_its_licence(string library)
    {
        using var package = ZipFile.OpenRead(BuiltPackages.Require($"{library}.*.nupkg"));
        Assert.NotNull(package.GetEntry($"lib/net10.0/{library}.dll"));
        Assert.NotNull(package.GetEntry($"lib/net10.0/{library}.xml"));
        var manifest = TextOf(package, $"{library}.nuspec");
        Assert.Contains("<readme>PACKAGE.md</readme>", manifest, StringComparison.Ordinal);
        Assert.Contains("<license type=\"expression\">MIT", manifest, StringComparison.Ordinal);
        Assert.DoesNotContain("<repository type=\"git\" url=", manifest, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Libraries))]
    public void Symbols_are_in_a_package_of_their_own_without_a_path_of_the_machine(string library)
    {
        using var symbols = ZipFile.OpenRead(BuiltPackages.Require($"{library}.*.snupkg"));
        using var stream = symbols.GetEntry($"lib/net10.0/{library}.pdb")!.Open();
        using var bytes = new MemoryStream();
        stream.CopyTo(bytes);
        var text = System.Text.Encoding.Latin1.GetString(bytes.ToArray());
        Assert.StartsWith("BSJB", text, StringComparison.Ordinal);
        Assert.DoesNotContain(Testing.Repository.Root, text, StringComparison.Ordinal);
    }

    private static string ReadmeOf(string package)
    {
        using var archive = ZipFile.OpenRead(package);
        return TextOf(archive, "PACKAGE.md");
    }

    private static string TextOf(ZipArchive archive, string name)
    {
        using var reader = new StreamReader(archive.GetEntry(name)!.Open());
        return reader.ReadToEnd();
    }

    private static string ProgramOn(string page) => CSharp().Match(page) is { Success: true } block ? block.Groups[1].Value : throw new InvalidOperationException("The page shows no C#.");

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex CSharp();
}
