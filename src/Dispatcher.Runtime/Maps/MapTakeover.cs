using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Maps;

/// <summary>Chooses which maps a replacement takes over from the component that it replaces, and says what stands in the way.</summary>
/// <remarks>It holds the maps of the old component open until it is disposed.</remarks>
internal sealed class MapTakeover : IDisposable
{
    // The kernel keeps 15 bytes of a name.
    private const int KernelNameLength = 15;
    private const uint PerfEventArray = 4;
    private const uint RingBuffer = 27;

    private readonly IBpf _bpf;
    private readonly ReplaceOptions _options;
    private readonly BtfData? _objectBtf;
    private readonly List<(MapFd Fd, MapInfo Info)> _old = [];

    /// <summary>Opens the maps of the component that is to be replaced.</summary>
    /// <param name="bpf">The port.</param>
    /// <param name="old">The component; held open by the caller.</param>
    /// <param name="replacement">What takes its place.</param>
    /// <param name="options">Which maps.</param>
    public MapTakeover(IBpf bpf, ProgramInfo old, ComponentProgram replacement, ReplaceOptions options)
    {
        _bpf = bpf;
        _options = options;
        _objectBtf = replacement.Elf is { } elf && ElfReader.Read(elf.Bytes).FindSection(".BTF") is { } section ? BtfData.Read(section.Data.Span) : null;
        foreach (var id in old.MapIds)
        {
            if (bpf.OpenMap(id) is { } fd)
                _old.Add((fd, bpf.GetInfo(fd)));
        }
    }

    /// <summary>Kernel names of maps of the old component that the new one has not; their contents go with it.</summary>
    public ImmutableArray<string> Left { get; private set; } = [];

    /// <summary>Whole names of the maps that the new program takes over.</summary>
    public ImmutableSortedSet<string> Taken { get; private set; } = [];

    /// <summary>Whole names of the maps of the new program that are made anew; those of global variables always are, and are not among them.</summary>
    public ImmutableSortedSet<string> New { get; private set; } = [];

    /// <summary>For the loader.</summary>
    /// <exception cref="RefusedException">A map cannot be taken over; all differences of all maps are listed.</exception>
    public IReadOnlyDictionary<string, MapFd> Choose(ImmutableArray<MapDefinition> wanted)
    {
        RefuseUnknownNames(wanted);
        var chosen = new Dictionary<string, MapFd>(StringComparer.Ordinal);
        var obstacles = new List<(string Map, string Why)>();
        foreach (var map in wanted.Where(IsTakenOver))
        {
            var candidates = _old.Where(old => old.Info.Name == Cut(map.Name)).ToList();
            if (Obstacle(map, candidates) is { } why)
                obstacles.Add((Printable.Escape(map.Name), why));
            else if (candidates is [var (fd, _)])
                chosen.Add(map.Name, fd);
        }

        if (obstacles.Count > 0)
        {
            throw new RefusedException(
                $"Maps cannot be carried over: {string.Join("; ", obstacles.Select(obstacle => $"{obstacle.Map}: {obstacle.Why}"))}. Nothing was changed; "
                + $"let the new program begin with a map of its own (ReplaceOptions.MapsByName: {string.Join(',', obstacles.Select(obstacle => $"{obstacle.Map}=fresh"))}), "
                + "or compile it with the map as it is.");
        }

        Left = [.. _old.Select(old => old.Info.Name).Where(name => !name.Contains('.', StringComparison.Ordinal) && !wanted.Any(map => Cut(map.Name) == name))];
        Taken = chosen.Keys.ToImmutableSortedSet(StringComparer.Ordinal);
        New = wanted.Where(map => !map.IsGlobalData).Select(map => map.Name).ToImmutableSortedSet(StringComparer.Ordinal).Except(Taken);
        return chosen;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var (fd, _) in _old)
            fd.Dispose();
    }

    private string? Obstacle(MapDefinition map, List<(MapFd Fd, MapInfo Info)> candidates) => candidates switch
    {
        [] => _options.MapsByName.ContainsKey(map.Name) ? "the component in the chain has no such map" : null,
        [var (_, info)] => Differences(info, map).ToList() is { Count: > 0 } differences ? string.Join(", ", differences) : null,
        _ => $"{candidates.Count} maps of the chain have this name in the kernel",
    };

    private bool IsTakenOver(MapDefinition map) =>
        !map.IsGlobalData && _options.MapsByName.GetValueOrDefault(map.Name, _options.Maps) == MapHandling.Reuse;

    private void RefuseUnknownNames(ImmutableArray<MapDefinition> wanted)
    {
        foreach (var (name, handling) in _options.MapsByName)
        {
            if (wanted.FirstOrDefault(map => map.Name == name) is not { } map)
            {
                var names = string.Join(", ", wanted.Where(known => !known.IsGlobalData).Select(known => Printable.Escape(known.Name)));
                throw new RefusedException($"The new program has no map '{Printable.Escape(name)}'; it has {(names.Length == 0 ? "none" : names)}. Nothing was changed.");
            }

            if (map.IsGlobalData && handling == MapHandling.Reuse)
                throw new RefusedException($"{Printable.Escape(name)} holds global variables, which belong to the code; keep what is to last in a map with a name. Nothing was changed.");
        }
    }

    private IEnumerable<string> Differences(MapInfo old, MapDefinition wanted)
    {
        if (old.Type != wanted.Type)
            yield return $"type {MapTypeNames.Of(old.Type)} in the chain and {MapTypeNames.Of(wanted.Type)} in the object";
        if (old.KeySize != wanted.KeySize)
            yield return $"keys of {old.KeySize} bytes in the chain and {wanted.KeySize} in the object";
        if (old.ValueSize != wanted.ValueSize)
            yield return $"values of {old.ValueSize} bytes in the chain and {wanted.ValueSize} in the object";
        if (old.MaxEntries != wanted.MaxEntries && !IsSizedByLoader(wanted))
            yield return $"{old.MaxEntries} entries at most in the chain and {wanted.MaxEntries} in the object";
        if (old.Flags != wanted.Flags)
            yield return $"flags 0x{old.Flags:x} in the chain and 0x{wanted.Flags:x} in the object";
        if (old.BtfId is not { } id || _objectBtf is null || wanted.ValueTypeId == 0 || old.ValueTypeId == 0 || ReadBtf(id) is not { } btf)
            yield break;
        if (old.KeySize == wanted.KeySize && MapTypeComparison.Difference((btf, new(old.KeyTypeId)), (_objectBtf, new(wanted.KeyTypeId))) is { } key)
            yield return $"key: {key}";
        if (old.ValueSize == wanted.ValueSize && MapTypeComparison.Difference((btf, new(old.ValueTypeId)), (_objectBtf, new(wanted.ValueTypeId))) is { } value)
            yield return $"value: {value}";
    }

    private static bool IsSizedByLoader(MapDefinition map) => map.MaxEntries == 0 || map.Type is PerfEventArray or RingBuffer;

    // BTF comes from whoever loaded the old program; when it cannot be read, the sizes decide.
    private BtfData? ReadBtf(BtfId id)
    {
        try
        {
            using var fd = _bpf.OpenBtf(id);
            return fd is null ? null : BtfData.Read(_bpf.ReadBtf(fd));
        }
        catch (MalformedObjectException)
        {
            return null;
        }
    }

    /// <summary>The part of a name that the kernel keeps.</summary>
    public static string Cut(string name) => name.Length <= KernelNameLength ? name : name[..KernelNameLength];
}
