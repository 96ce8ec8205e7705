using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Command;

/// <summary>
/// A root folder with the tarball unpacked over /usr/local, as its README says, and nothing else but the C library and libbpf of
/// this machine: no .NET, no shell, no /proc.
/// </summary>
internal sealed partial class BareRoot : IDisposable
{
    /// <summary>The command inside.</summary>
    public const string CommandPath = "/usr/local/sbin/xdp-dispatch";

    private const string Libbpf = "libbpf.so.1";
    private readonly TempFolder _folder = new();

    /// <summary>Makes it.</summary>
    /// <param name="tarball">Full path.</param>
    /// <param name="hasLibbpf">Whether libbpf is installed in it.</param>
    public BareRoot(string tarball, bool hasLibbpf)
    {
        Need.Root();
        var prefix = _folder.PathOf("usr/local");
        Directory.CreateDirectory(prefix);
        Tool.Run("tar", "-xf", tarball, "-C", prefix, "--strip-components=1").OrFail();
        string[] roots = hasLibbpf ? [FullPathOf(CommandPath), LibbpfPath()] : [FullPathOf(CommandPath)];
        foreach (var library in roots.SelectMany(LibrariesOf).Concat(roots[1..]).Distinct())
        {
            Directory.CreateDirectory(Path.GetDirectoryName(FullPathOf(library))!);
            File.Copy(library, FullPathOf(library));
        }
    }

    /// <summary>Every file in it, from its root.</summary>
    public IEnumerable<string> Files =>
        Directory.EnumerateFiles(_folder.FullPath, "*", SearchOption.AllDirectories).Select(path => path[_folder.FullPath.Length..]);

    /// <summary>Where a file of it is on this machine.</summary>
    /// <param name="path">From its root.</param>
    public string FullPathOf(string path) => _folder.PathOf(path.TrimStart('/'));

    /// <summary>Runs the command in it, with an empty environment.</summary>
    public ToolResult Run(params string[] arguments) =>
        Tool.Run("env", ["-i", Tool.Require("chroot"), _folder.FullPath, CommandPath, .. arguments]);

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    private static string LibbpfPath()
    {
        var known = Tool.Run("ldconfig", "-p").OrFail().Output.Split('\n').FirstOrDefault(line => line.Trim().StartsWith($"{Libbpf} (libc6,x86-64)", StringComparison.Ordinal));
        Need.That(known is not null, "Libbpf", $"needs {Libbpf}");
        return known!.Split(" => ")[1].Trim();
    }

    private static IEnumerable<string> LibrariesOf(string file)
    {
        var listed = Tool.Run("ldd", file).OrFail().Output;
        Assert.DoesNotContain("not found", listed, StringComparison.Ordinal);
        return LibraryPath().Matches(listed).Select(match => match.Groups[1].Value);
    }

    [GeneratedRegex(@"(?:=> |^\s+)(/\S+) \(0x", RegexOptions.Multiline)]
    private static partial Regex LibraryPath();
}
