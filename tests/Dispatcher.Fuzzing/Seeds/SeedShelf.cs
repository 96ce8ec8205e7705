using System.Collections.Immutable;
using System.Reflection;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>Real inputs of this machine, and those that our own writers make. What is not there is left out, with a note.</summary>
internal sealed class SeedShelf
{
    private const int MaxObjectSize = 24 * 1024;
    private readonly SortedSet<string> _notes = new(StringComparer.Ordinal);
    private readonly Lazy<ImmutableArray<byte[]>> _objects;
    private readonly Lazy<ImmutableArray<byte[]>> _btfs;
    private readonly Lazy<ImmutableArray<byte[]>> _datagrams;

    public SeedShelf()
    {
        _objects = new(() => [.. ReadObjects().DistinctBy(Convert.ToHexString)]);
        _btfs = new(() => [.. ReadBtfs()]);
        _datagrams = new(() => [.. NetlinkSeeds.All(Note)]);
    }

    /// <summary>What is left out and why.</summary>
    public IReadOnlyCollection<string> Notes => _notes;

    /// <summary>ELF objects: ours of every version, those of clang, those of libxdp.</summary>
    public ImmutableArray<byte[]> Objects => _objects.Value;

    /// <summary>BTFs: those of the objects, one with every kind in both byte orders, a cut of the kernel's.</summary>
    public ImmutableArray<byte[]> Btfs => _btfs.Value;

    /// <summary>Datagrams of the kernel about links, built and captured.</summary>
    public ImmutableArray<byte[]> Datagrams => _datagrams.Value;

    /// <summary>The repository, without trailing slash.</summary>
    public static string Repository { get; } = Path.TrimEndingDirectorySeparator(
        typeof(SeedShelf).Assembly.GetCustomAttributes<AssemblyMetadataAttribute>().Single(a => a.Key == "RepositoryRoot").Value!);

    /// <summary>The bytes of one section of every object that has it.</summary>
    public IEnumerable<byte[]> SectionsOf(string name) =>
        Objects.Select(bytes => SectionOf(bytes, name)).OfType<byte[]>();

    /// <summary>The bytes of one section. Null: the object has none.</summary>
    public static byte[]? SectionOf(byte[] elf, string name) => ElfReader.Read(elf).FindSection(name)?.Data.ToArray();

    /// <summary>The lines or the whole of a file of /proc, as a seed.</summary>
    public IEnumerable<byte[]> ReadText(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return [bytes.Length > 8192 ? bytes[..8192] : bytes];
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Note($"no seed from {path}: {e.Message}");
            return [];
        }
    }

    private void Note(string text) => _notes.Add(text);

    private IEnumerable<byte[]> ReadObjects()
    {
        foreach (var spec in SampleSpecs.All())
            yield return DispatcherGenerator.Generate(spec).WriteElf();
        yield return DispatcherGenerator.Generate(SampleSpecs.All()[0]).WriteElf(bigEndian: true);
        yield return OddObject.Write();
        yield return OddObject.WriteBare();
        foreach (var bytes in ReadFiles("clang", "eng/build-bpf makes them", [Path.Combine(Repository, "artifacts", "bpf")], "*.o"))
            yield return bytes;
        var cache = Environment.GetEnvironmentVariable("XDG_CACHE_HOME") is { Length: > 0 } folder ? folder
            : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".cache");
        var peers = Path.Combine(cache, "xdp-dispatch", "peers");
        var roots = Directory.Exists(peers) ? Directory.GetDirectories(peers).Select(peer => Path.Combine(peer, "root", "usr", "lib")) : [];
        var libraries = roots.Append("/usr/lib").Where(Directory.Exists).SelectMany(Directory.GetDirectories).Select(library => Path.Combine(library, "bpf"));
        foreach (var bytes in ReadFiles("libxdp", "install xdp-tools, or eng/peers unpacks it", libraries, "x*.o"))
            yield return bytes;
    }

    private IEnumerable<byte[]> ReadFiles(string source, string remedy, IEnumerable<string> folders, string pattern)
    {
        var found = false;
        foreach (var path in folders.Where(Directory.Exists).SelectMany(folder => Directory.GetFiles(folder, pattern)).Order(StringComparer.Ordinal))
        {
            if (new FileInfo(path).Length > MaxObjectSize || Path.GetFileName(path).StartsWith("xdpfilt_", StringComparison.Ordinal))
                continue;
            found = true;
            yield return File.ReadAllBytes(path);
        }

        if (!found)
            Note($"no objects of {source} to start from: {remedy}");
    }

    private IEnumerable<byte[]> ReadBtfs()
    {
        yield return BtfSeeds.EveryKind().Encode();
        yield return BtfSeeds.EveryKind().Encode(bigEndian: true);
        foreach (var section in SectionsOf(".BTF"))
            yield return section;
        if (VmlinuxCut.Read(Note) is { } cut)
            yield return cut;
    }
}
