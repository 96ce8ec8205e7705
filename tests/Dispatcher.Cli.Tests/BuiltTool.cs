using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary>The tool as it was built beside the tests, or the one that <c>XDP_DISPATCH</c> names.</summary>
internal static class BuiltTool
{
    /// <summary>Full path.</summary>
    public static string FilePath { get; } =
        Environment.GetEnvironmentVariable("XDP_DISPATCH") is { Length: > 0 } path ? path : Path.Combine(AppContext.BaseDirectory, "xdp-dispatch");

    /// <summary>Runs it to its end.</summary>
    public static ToolResult Run(params string[] args) => Tool.Run(FilePath, args);
}
