using System.Collections.Immutable;

namespace Dispatcher.Runtime.Kernel;

/// <summary>Which program of an ELF object to load, and what it will replace.</summary>
/// <param name="Object">The whole ELF file, one that <see cref="Components.ObjectFile.Find"/> took.</param>
/// <param name="ObjectName">What to call it in messages, usually its path.</param>
/// <param name="FunctionName">The program to load; the others in the object are left out.</param>
/// <param name="MapPinFolder">Where maps that ask for pinning by name are pinned and found again; null: none.</param>
/// <param name="Target">Dispatcher on no hook, borrowed.</param>
/// <param name="TargetFunction">Name of the stub in it.</param>
internal sealed record ElfLoadRequest(
    ReadOnlyMemory<byte> Object, string ObjectName, string FunctionName, string? MapPinFolder, ProgramFd Target, string TargetFunction)
{
    /// <summary>Which maps it takes over instead of making its own; null: none.</summary>
    public ChooseMaps? ChooseMaps { get; init; }
}

/// <summary>Chooses, of the maps that an object asks for, those that are to be maps which exist.</summary>
/// <param name="wanted">What the object asks for.</param>
/// <returns>Existing maps by the name in the object; borrowed until the load ends.</returns>
internal delegate IReadOnlyDictionary<string, MapFd> ChooseMaps(ImmutableArray<MapDefinition> wanted);

/// <summary>A map as an object asks for it.</summary>
/// <param name="Name">Whole name in the object.</param>
/// <param name="Type">Value of <c>enum bpf_map_type</c>.</param>
/// <param name="KeySize">Bytes.</param>
/// <param name="ValueSize">Bytes.</param>
/// <param name="MaxEntries">Entries at most; 0: the loader decides.</param>
/// <param name="Flags">BPF_F_ flags.</param>
/// <param name="KeyTypeId">Type id of the key in the BTF of the object, or 0.</param>
/// <param name="ValueTypeId">Type id of the value in the BTF of the object, or 0.</param>
/// <param name="IsGlobalData">It holds global variables of the code, such as <c>.bss</c>.</param>
internal sealed record MapDefinition(
    string Name, uint Type, int KeySize, int ValueSize, uint MaxEntries, uint Flags, uint KeyTypeId, uint ValueTypeId, bool IsGlobalData);

/// <summary>A component program as EXT in the kernel, with its maps; the caller disposes it.</summary>
/// <param name="Program">EXT program, owned.</param>
/// <param name="Maps">Maps by name, owned.</param>
internal sealed record LoadedElf(ProgramFd Program, ImmutableSortedDictionary<string, MapFd> Maps) : IDisposable
{
    /// <inheritdoc/>
    public void Dispose()
    {
        Program.Dispose();
        foreach (var map in Maps.Values)
            map.Dispose();
    }
}

/// <summary>Loads what clang compiled. Many system calls, none of which touches anything shared.</summary>
internal interface IComponentLoader
{
    /// <summary>Loads one program of an ELF object as EXT against a stub.</summary>
    /// <exception cref="VerifierException">The verifier refused it; the log is kept.</exception>
    /// <exception cref="ComponentException">libbpf cannot open or load it; its log is part of the text.</exception>
    LoadedElf Load(ElfLoadRequest request);
}
