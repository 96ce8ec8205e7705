using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace Dispatcher.Testing;

/// <summary>Compiles C to BPF objects with clang, each source once per process.</summary>
public static class Clang
{
    private static readonly ConcurrentDictionary<string, Lazy<byte[]>> Objects = new();
    private static readonly Lazy<TempFolder> Folder = new(MakeFolder);

    /// <summary>The object of a source file or text; skips the test when clang is missing (fails in CI).</summary>
    /// <param name="source">C text when it has several lines, else a path, taken from the repository's root when it is relative.</param>
    /// <param name="arguments">More arguments; a later <c>-target bpfeb</c> or <c>-O0</c> wins over the usual ones.</param>
    /// <returns>The bytes of the object; a copy of its own for the caller.</returns>
    public static byte[] Compile(string source, params string[] arguments)
    {
        var isText = source.Contains('\n', StringComparison.Ordinal);
        var text = isText ? source : File.ReadAllText(Repository.PathOf(source));
        var key = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{source}\0{text}\0{string.Join('\0', arguments)}")));
        var bytes = Objects.GetOrAdd(key, _ => new Lazy<byte[]>(() => Run(isText ? null : Repository.PathOf(source), text, key, arguments))).Value;
        return [.. bytes];
    }

    private static byte[] Run(string? path, string text, string key, string[] arguments)
    {
        if (path is null)
        {
            path = Folder.Value.PathOf(key[..16] + ".c");
            File.WriteAllText(path, text);
        }

        var output = Folder.Value.PathOf(key[..16] + ".o");
        Tool.Run("clang", [
            "-O2", "-g", "-Wall", "-target", "bpf", "-fdebug-prefix-map=" + Repository.Root + "=.",
            "-I", Repository.PathOf("bpf"), .. SystemIncludes(), .. arguments, "-c", path, "-o", output]).OrFail();
        return File.ReadAllBytes(output);
    }

    /// <summary>asm/types.h lives in a folder per machine, which clang does not search for another target.</summary>
    private static IEnumerable<string> SystemIncludes() =>
        Directory.EnumerateDirectories("/usr/include", "*-linux-gnu")
            .Where(folder => File.Exists(Path.Combine(folder, "asm", "types.h")))
            .SelectMany(folder => new[] { "-I", folder });

    private static TempFolder MakeFolder()
    {
        var folder = new TempFolder();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Dispose();
        return folder;
    }
}
