using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Tidy;

/// <summary>What the README of the repository shows is a program that the samples suite runs.</summary>
public sealed partial class ReadmeTests
{
    [Fact]
    public void README_shows_the_attach_sample_and_then_lines_of_the_IDS_word_for_word()
    {
        string[] blocks = [.. CSharp().Matches(File.ReadAllText(Repository.PathOf("README.md"))).Select(block => block.Groups[1].Value)];
        Assert.Equal(2, blocks.Length);
        Assert.Equal(ProgramOf("Attach"), blocks[0]);
        var lines = ProgramOf("Ids").Split('\n').Select(line => line.Trim()).ToHashSet(StringComparer.Ordinal);
        Assert.All(blocks[1].Split('\n'), line => Assert.Contains(line.Trim(), lines));
    }

    private static string ProgramOf(string sample) => File.ReadAllText(Repository.PathOf("samples", $"Dispatcher.Samples.{sample}", "Program.cs"));

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharp();
}
