namespace Dispatcher.Compiler.Btf;

/// <summary>Which function starts at an instruction.</summary>
/// <param name="InstructionIndex">Index of its first instruction, in units of 8 bytes; the wide load counts twice.</param>
/// <param name="Function">A <see cref="BtfFunc"/>.</param>
public readonly record struct BtfFuncInfo(uint InstructionIndex, BtfTypeId Function);

/// <summary>Which source line an instruction comes from.</summary>
/// <param name="InstructionIndex">Index of the first instruction of the line, in units of 8 bytes.</param>
/// <param name="FileName">Name of the source file, in the string section of the BTF.</param>
/// <param name="Text">The source line, in the string section of the BTF.</param>
/// <param name="Line">Line from 1; at most 2^22 - 1.</param>
/// <param name="Column">Column from 1; at most 1023; 0 when it is not known.</param>
public readonly record struct BtfLineInfo(uint InstructionIndex, BtfStringOffset FileName, BtfStringOffset Text, uint Line, uint Column)
{
    internal const int MaxLine = (1 << 22) - 1;
    internal const int MaxColumn = (1 << 10) - 1;

    /// <summary>Line and column as the kernel takes them.</summary>
    internal uint Packed => Line << 10 | Column;
}

/// <summary>A place that libbpf adapts to the running kernel (CO-RE).</summary>
/// <param name="InstructionIndex">Index of the instruction to adapt, in units of 8 bytes.</param>
/// <param name="Type">The type that is accessed.</param>
/// <param name="Access">The path of the access, such as <c>0:1:2</c>, in the string section of the BTF.</param>
/// <param name="RelocationKind">What is asked about the access; <c>enum bpf_core_relo_kind</c>.</param>
public readonly record struct BtfCoreRelocation(uint InstructionIndex, BtfTypeId Type, BtfStringOffset Access, uint RelocationKind);

/// <summary>Records about the instructions of one ELF section.</summary>
/// <typeparam name="T">Function, line or relocation.</typeparam>
/// <param name="Name">Name of the ELF section, in the string section of the BTF.</param>
/// <param name="Records">At least one, in order of their instruction.</param>
public readonly record struct BtfExtSection<T>(BtfStringOffset Name, ValueArray<T> Records)
    where T : IEquatable<T>;
