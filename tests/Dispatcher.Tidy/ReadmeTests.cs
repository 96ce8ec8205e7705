using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Tidy;

/// <summary>What the README of the repository shows is a program that the samples suite runs.</summary>
public sealed partial class ReadmeTests
{
    private static readonly string[] Sample = ["samples", "Dispatcher.Samples.Attach", "Program.cs"];

    [Fact]
    public void README_shows_the_attach_sample_word_for_word()
    {
        var block = Assert.Single(CSharp().Matches(File.ReadAllText(Repository.PathOf("README.md"))));
        Assert.Equal(File.ReadAllText(Repository.PathOf(Sample)), block.Groups[1].Value);
    }

    [GeneratedRegex(@"^```csharp\n(.*?)^```", RegexOptions.Singleline | RegexOptions.Multiline)]
    private static partial Regex CSharp();
}
