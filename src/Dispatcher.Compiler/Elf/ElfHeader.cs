namespace Dispatcher.Compiler.Elf;

/// <summary>What an ELF file is: <c>e_type</c>.</summary>
public enum ElfFileType : ushort
{
    /// <summary>No type.</summary>
    None = 0,

    /// <summary>Relocatable object, what a compiler makes.</summary>
    Relocatable = 1,

    /// <summary>Executable.</summary>
    Executable = 2,

    /// <summary>Shared object or position-independent executable.</summary>
    Shared = 3,

    /// <summary>Core dump.</summary>
    Core = 4,
}

/// <summary>The first facts about an ELF file of any machine, class and type, read before anything else is believed.</summary>
/// <param name="Machine">The machine it is for.</param>
/// <param name="FileType">Relocatable, executable and so on.</param>
/// <param name="Is64Bit">ELF64; otherwise ELF32.</param>
/// <param name="IsBigEndian">Byte order of the file.</param>
public readonly record struct ElfHeader(ElfMachine Machine, ElfFileType FileType, bool Is64Bit, bool IsBigEndian)
{
    /// <summary>Whether <see cref="ElfReader.Read"/> can read it and a BPF loader can use it.</summary>
    public bool IsBpfObject => Machine == ElfMachine.Bpf && FileType == ElfFileType.Relocatable && Is64Bit;
}
