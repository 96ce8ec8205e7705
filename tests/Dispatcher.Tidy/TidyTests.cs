using Dispatcher.Tidy.Rules;

namespace Dispatcher.Tidy;

public sealed class TidyTests
{
    private static readonly Lazy<IReadOnlyList<SourceFile>> Files = new(SourceFile.ReadAll);

    public static TheoryData<string> Rules => [.. Rule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_repository_keeps_the_rule(string name)
    {
        var rule = Rule.All.Single(r => r.Name == name);
        var violations = Files.Value.SelectMany(file => rule.Check(file).Select(violation => $"{file.Path}: {violation}")).ToList();
        Assert.True(violations.Count == 0, $"{name}:\n{string.Join('\n', violations)}");
    }

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_rule_sees_a_planted_violation(string name)
    {
        var rule = Rule.All.Single(r => r.Name == name);
        Assert.NotEmpty(rule.Check(rule.Planted));
    }

    [Fact]
    public void Every_folder_of_src_has_a_README()
    {
        var paths = Files.Value.Select(file => file.Path).ToHashSet(StringComparer.Ordinal);
        var folders = paths
            .Where(path => path.StartsWith("src/", StringComparison.Ordinal) && path.EndsWith(".cs", StringComparison.Ordinal))
            .Select(path => Path.GetDirectoryName(path)!)
            .Distinct();
        Assert.Equal([], folders.Where(folder => !paths.Contains(folder + "/README.md")));
    }

    [Fact]
    public void The_rules_look_at_the_whole_repository()
    {
        var paths = Files.Value.Select(file => file.Path).ToList();
        Assert.Contains("Dispatcher.sln", paths);
        Assert.Contains("src/Dispatcher.Compiler/Errors.cs", paths);
        Assert.Contains("tests/Dispatcher.Tidy/TidyTests.cs", paths);
        Assert.DoesNotContain(paths, path => path.Contains("/obj/", StringComparison.Ordinal));
    }

    [Fact]
    public void Comments_are_not_code()
    {
        var file = new SourceFile("a.cs", "/// <c>unsafe</c>\nint x; // unsafe here\nvar url = \"http://x\"; unsafe { }\n// unsafe\n");
        Assert.Equal(["", "int x; ", "var url = \"http://x\"; unsafe { }", ""], file.CodeLines);
    }
}
