namespace Dispatcher.Compiler.Elf;

/// <summary>Who sees a symbol: upper half of <c>st_info</c>.</summary>
public enum ElfSymbolBinding : byte
{
    /// <summary>This object only.</summary>
    Local = 0,

    /// <summary>Every object.</summary>
    Global = 1,

    /// <summary>Every object; another definition wins.</summary>
    Weak = 2,
}

/// <summary>What a symbol stands for: lower half of <c>st_info</c>.</summary>
public enum ElfSymbolType : byte
{
    /// <summary>Not said.</summary>
    NoType = 0,

    /// <summary>Data.</summary>
    Object = 1,

    /// <summary>Function.</summary>
    Function = 2,

    /// <summary>A section.</summary>
    Section = 3,

    /// <summary>Name of the source file.</summary>
    File = 4,

    /// <summary>Data that no object has defined yet.</summary>
    Common = 5,

    /// <summary>Data of a thread.</summary>
    ThreadLocal = 6,
}

/// <summary>Who may name a symbol from another component: lower bits of <c>st_other</c>.</summary>
public enum ElfSymbolVisibility : byte
{
    /// <summary>As the binding says.</summary>
    Default = 0,

    /// <summary>Hidden, by the processor's rules.</summary>
    Internal = 1,

    /// <summary>Not outside this component; libbpf makes such a global function static.</summary>
    Hidden = 2,

    /// <summary>Seen outside, not replaced from outside.</summary>
    Protected = 3,
}

/// <summary>Where a symbol lives: in a section, or in one of the places that are no section.</summary>
public enum ElfSymbolPlace
{
    /// <summary>In <see cref="ElfSymbol.Section"/>.</summary>
    InSection,

    /// <summary>Defined elsewhere: <c>SHN_UNDEF</c>.</summary>
    Undefined,

    /// <summary>A plain number: <c>SHN_ABS</c>.</summary>
    Absolute,

    /// <summary>Allocated by the linker: <c>SHN_COMMON</c>.</summary>
    Common,
}

/// <summary>One symbol. Its identity is the reference: relocations point at this object.</summary>
public sealed class ElfSymbol
{
    /// <summary>A symbol inside a section.</summary>
    /// <param name="name">May be empty for a section symbol.</param>
    /// <param name="section">The section that holds it.</param>
    /// <param name="value">Bytes from the start of the section.</param>
    /// <param name="size">Size in bytes; 0 when not said.</param>
    /// <param name="type">What it stands for.</param>
    /// <param name="binding">Who sees it.</param>
    /// <param name="visibility">Who may name it from outside.</param>
    public ElfSymbol(
        string name,
        ElfSection section,
        ulong value,
        ulong size,
        ElfSymbolType type,
        ElfSymbolBinding binding,
        ElfSymbolVisibility visibility = ElfSymbolVisibility.Default)
        : this(name, ElfSymbolPlace.InSection, value, size, type, binding, visibility)
    {
        ArgumentNullException.ThrowIfNull(section);
        Section = section;
    }

    private ElfSymbol(
        string name, ElfSymbolPlace place, ulong value, ulong size, ElfSymbolType type, ElfSymbolBinding binding, ElfSymbolVisibility visibility)
    {
        ArgumentNullException.ThrowIfNull(name);
        Name = name;
        Place = place;
        Value = value;
        Size = size;
        Type = type;
        Binding = binding;
        Visibility = visibility;
    }

    /// <summary>Name; may be empty for a section symbol.</summary>
    public string Name { get; }

    /// <summary>In a section, or one of the places that are none.</summary>
    public ElfSymbolPlace Place { get; }

    /// <summary>The section that holds it; null unless <see cref="Place"/> is <see cref="ElfSymbolPlace.InSection"/>.</summary>
    public ElfSection? Section { get; }

    /// <summary>Bytes from the start of the section; a plain number outside one.</summary>
    public ulong Value { get; }

    /// <summary>Size in bytes; 0 when not said.</summary>
    public ulong Size { get; }

    /// <summary>What it stands for.</summary>
    public ElfSymbolType Type { get; }

    /// <summary>Who sees it.</summary>
    public ElfSymbolBinding Binding { get; }

    /// <summary>Who may name it from outside.</summary>
    public ElfSymbolVisibility Visibility { get; }

    /// <summary>A symbol that is in no section.</summary>
    /// <param name="name">Name.</param>
    /// <param name="place">Any but <see cref="ElfSymbolPlace.InSection"/>.</param>
    /// <param name="type">What it stands for.</param>
    /// <param name="binding">Who sees it.</param>
    /// <param name="value">The number; the alignment for <see cref="ElfSymbolPlace.Common"/>.</param>
    /// <param name="size">Size in bytes; 0 when not said.</param>
    /// <param name="visibility">Who may name it from outside.</param>
    public static ElfSymbol Outside(
        string name,
        ElfSymbolPlace place,
        ElfSymbolType type = ElfSymbolType.NoType,
        ElfSymbolBinding binding = ElfSymbolBinding.Global,
        ulong value = 0,
        ulong size = 0,
        ElfSymbolVisibility visibility = ElfSymbolVisibility.Default)
    {
        if (place == ElfSymbolPlace.InSection)
            throw new ArgumentException("A symbol in a section needs the section.", nameof(place));
        return new ElfSymbol(name, place, value, size, type, binding, visibility);
    }

    /// <summary>A global function.</summary>
    public static ElfSymbol GlobalFunction(string name, ElfSection section, ulong value, ulong size) =>
        new(name, section, value, size, ElfSymbolType.Function, ElfSymbolBinding.Global);

    /// <summary>A global variable.</summary>
    public static ElfSymbol GlobalObject(string name, ElfSection section, ulong value, ulong size) =>
        new(name, section, value, size, ElfSymbolType.Object, ElfSymbolBinding.Global);

    /// <summary>The symbol that stands for a whole section; relocations to data without a name of its own use it.</summary>
    public static ElfSymbol OfSection(ElfSection section) =>
        new("", section, 0, 0, ElfSymbolType.Section, ElfSymbolBinding.Local);

    /// <inheritdoc/>
    public override string ToString() => Type == ElfSymbolType.Section && Name.Length == 0 ? Section?.Name ?? "" : Name;
}
