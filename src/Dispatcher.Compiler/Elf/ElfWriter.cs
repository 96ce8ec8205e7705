namespace Dispatcher.Compiler.Elf;

/// <summary>Turns an <see cref="ElfObject"/> into the bytes of a relocatable ELF64 file.</summary>
/// <remarks>
/// Three phases: verify what the caller made, lay out where everything goes, write. The same object gives the same bytes.
/// <code>
/// ELF header | contents and relocations, section by section | .symtab | .strtab | section headers
/// </code>
/// </remarks>
public static partial class ElfWriter
{
    /// <summary>Writes an object.</summary>
    /// <param name="elf">The object; not changed.</param>
    /// <returns>The whole file.</returns>
    /// <exception cref="ArgumentException">The object breaks a rule; the message names the section or symbol and the rule.</exception>
    public static byte[] Write(ElfObject elf)
    {
        ArgumentNullException.ThrowIfNull(elf);
        Verify(elf);
        var layout = ElfLayout.Of(elf);
        return Write(elf, layout);
    }
}
