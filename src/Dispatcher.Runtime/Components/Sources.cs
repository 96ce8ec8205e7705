namespace Dispatcher.Runtime.Components;

/// <summary>A program in an ELF object that our strict readers took, which <see cref="ObjectFile.Find"/> sees to; libbpf must see no other.</summary>
/// <param name="Bytes">The whole file, which nobody changes.</param>
/// <param name="ObjectName">What to call it in messages.</param>
internal sealed record ElfSource(ReadOnlyMemory<byte> Bytes, string ObjectName);

/// <summary>A program as bare instructions.</summary>
/// <param name="Instructions">Host byte order, 8 bytes each.</param>
/// <param name="License">For example <c>GPL</c>.</param>
internal sealed record BytecodeSource(ReadOnlyMemory<byte> Instructions, string License)
{
    /// <summary>Bytes of one instruction.</summary>
    public const int InstructionSize = 8;
}
