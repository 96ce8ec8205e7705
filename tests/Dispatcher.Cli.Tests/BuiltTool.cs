using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary>The tool as it was built beside the tests, or the one that <c>XDP_DISPATCH</c> names.</summary>
internal static class BuiltTool
{
    /// <summary>Full path.</summary>
    public static string FilePath { get; } = Environment.GetEnvironmentVariable("XDP_DISPATCH") is { Length: > 0 } named ? named : Find();

    /// <summary>Runs it to its end.</summary>
    public static ToolResult Run(params string[] args) => Tool.Run(FilePath, args);

    // Published tests run where the runtime is not installed: there the published tool is meant.
    private static string Find()
    {
        var published = Repository.PathOf("artifacts/xdp-dispatch");
        var isPublished = AppContext.BaseDirectory.TrimEnd('/') == Repository.PathOf("artifacts/tests");
        return isPublished && File.Exists(published) ? published : Path.Combine(AppContext.BaseDirectory, "xdp-dispatch");
    }
}
