using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Command;

/// <summary>A root folder with a database of dpkg's own, so that a package is installed and removed for real and this machine stays as it is.</summary>
internal sealed class PrivateDpkg : IDisposable
{
    private readonly TempFolder _folder = new();

    /// <summary>Makes one in which some packages of this machine count as installed.</summary>
    /// <param name="installed">Their names; what dpkg knows of them is copied, their files are not.</param>
    public PrivateDpkg(params string[] installed)
    {
        Need.Root();
        foreach (var folder in new[] { "info", "updates", "triggers" })
            Directory.CreateDirectory(_folder.PathOf($"var/lib/dpkg/{folder}"));
        var known = "";
        foreach (var package in installed)
        {
            var status = Tool.Run("dpkg-query", "-s", package);
            Need.That(status.ExitCode == 0, $"Package:{package}", $"needs the package {package}");
            known += status.Output.TrimEnd('\n') + "\n\n";
        }

        File.WriteAllText(_folder.PathOf("var/lib/dpkg/status"), known);
    }

    /// <summary>Every file and folder in it but dpkg's own, from its root.</summary>
    public IReadOnlyList<string> Entries => [.. Directory.EnumerateFileSystemEntries(_folder.FullPath, "*", SearchOption.AllDirectories)
        .Select(path => path[_folder.FullPath.Length..])
        .Where(path => path != "/var" && !path.StartsWith("/var/", StringComparison.Ordinal) && path != "/dpkg.log")
        .Order(StringComparer.Ordinal)];

    /// <summary>Where a file of it is on this machine.</summary>
    /// <param name="path">From its root.</param>
    public string FullPathOf(string path) => _folder.PathOf(path.TrimStart('/'));

    /// <summary>Runs dpkg on it.</summary>
    /// <param name="arguments">Action and its subjects.</param>
    /// <remarks>A container's dpkg may leave manual pages and documents out; here everything is wanted. Its log stays in the folder.</remarks>
    public ToolResult Run(params string[] arguments) => Tool.Run(new ToolRequest(
        "dpkg", [$"--root={_folder.FullPath}", $"--log={_folder.PathOf("dpkg.log")}", "--path-include=/*", .. arguments])
    {
        Environment = new Dictionary<string, string?>
        {
            ["LC_ALL"] = "C",
            ["PATH"] = $"{Environment.GetEnvironmentVariable("PATH")}:/usr/sbin:/sbin",
        },
    });

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();
}
