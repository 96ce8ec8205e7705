using System.Reflection;

namespace Dispatcher.Testing;

/// <summary>Where the repository is, also when the published test folder runs from elsewhere on the machine.</summary>
public static class Repository
{
    /// <summary>Full path of the repository without trailing slash; it may be read-only.</summary>
    public static string Root { get; } = Path.TrimEndingDirectorySeparator(
        typeof(Repository).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>Whether this run is in CI: environment variable <c>CI</c> is <c>true</c>.</summary>
    public static bool IsCi => Environment.GetEnvironmentVariable("CI") == "true";

    /// <summary>Full path of a file or folder of the repository.</summary>
    /// <param name="parts">Path from the root.</param>
    public static string PathOf(params ReadOnlySpan<string> parts) => Path.Combine([Root, .. parts]);

    /// <summary>Full path of a source file from its <c>[CallerFilePath]</c>, which starts with <c>/_/</c> in CI.</summary>
    public static string MapSource(string callerFilePath) =>
        callerFilePath.StartsWith("/_/", StringComparison.Ordinal) ? Path.Combine(Root, callerFilePath[3..]) : callerFilePath;
}
