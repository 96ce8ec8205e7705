namespace Dispatcher.Compiler.Btf;

/// <summary>One type of a BTF. Two types are equal when their kind and all their fields are.</summary>
/// <param name="Name">Empty for a type without name.</param>
/// <remarks>
/// Every type starts with 12 bytes, and its kind decides what follows:
/// <code>
/// u32 name_off | u32 info: kind_flag:1 0:2 kind:5 0:8 vlen:16 | u32 size or type id
/// </code>
/// Source: Documentation/bpf/btf.rst of the kernel.
/// </remarks>
public abstract record BtfType(string Name)
{
    /// <summary>The kind, as it stands in the info word.</summary>
    public abstract BtfKind Kind { get; }

    /// <summary>Elements that follow; for a function its linkage.</summary>
    internal virtual int Vlen => 0;

    internal virtual bool KindFlag => false;

    internal virtual uint SizeOrType => 0;
}

/// <summary>Integer of up to 128 bits.</summary>
/// <param name="Name">C name, such as <c>unsigned int</c>.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Encoding">How it is shown.</param>
/// <param name="BitCount">Width in bits; smaller than the size only in old bitfields.</param>
/// <param name="BitOffset">Bits from the start; not 0 only in old bitfields.</param>
public sealed record BtfInt(string Name, uint Size, BtfIntEncoding Encoding, byte BitCount, byte BitOffset = 0) : BtfType(Name)
{
    /// <summary>The usual integer, as wide as its size.</summary>
    /// <param name="name">C name.</param>
    /// <param name="size">1, 2, 4, 8 or 16 bytes.</param>
    /// <param name="encoding">How it is shown.</param>
    public static BtfInt Of(string name, uint size, BtfIntEncoding encoding = BtfIntEncoding.None) =>
        new(name, size, encoding, checked((byte)(size * 8)));

    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Int;

    internal override uint SizeOrType => Size;
}

/// <summary>Floating-point number; kernel 5.13.</summary>
/// <param name="Name">C name.</param>
/// <param name="Size">2, 4, 8, 12 or 16 bytes.</param>
public sealed record BtfFloat(string Name, uint Size) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Float;

    internal override uint SizeOrType => Size;
}

/// <summary>Pointer.</summary>
/// <param name="Type">What it points to; void allowed.</param>
public sealed record BtfPtr(BtfTypeId Type) : BtfType("")
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Ptr;

    internal override uint SizeOrType => Type.Value;
}

/// <summary>Array.</summary>
/// <param name="Element">Type of an element.</param>
/// <param name="Index">Type of the index; compilers name an unsigned 32-bit integer.</param>
/// <param name="Count">Number of elements.</param>
public sealed record BtfArray(BtfTypeId Element, BtfTypeId Index, uint Count) : BtfType("")
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Array;
}

/// <summary>Structure or union that is named but not defined here.</summary>
/// <param name="Name">Tag; never empty.</param>
/// <param name="IsUnion">Union instead of structure; the kind flag.</param>
public sealed record BtfForward(string Name, bool IsUnion = false) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Forward;

    internal override bool KindFlag => IsUnion;
}

/// <summary>A type that stands for another with the same memory: a qualifier, typedef or type tag.</summary>
/// <param name="Name">Empty for a qualifier.</param>
/// <param name="Type">The type it stands for; void allowed.</param>
public abstract record BtfModifier(string Name, BtfTypeId Type) : BtfType(Name)
{
    internal override uint SizeOrType => Type.Value;
}

/// <summary>Typedef.</summary>
/// <param name="Name">The new name; never empty.</param>
/// <param name="Type">The type it stands for.</param>
public sealed record BtfTypedef(string Name, BtfTypeId Type) : BtfModifier(Name, Type)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Typedef;
}

/// <summary>Qualifier <c>volatile</c>.</summary>
/// <param name="Type">The qualified type.</param>
public sealed record BtfVolatile(BtfTypeId Type) : BtfModifier("", Type)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Volatile;
}

/// <summary>Qualifier <c>const</c>.</summary>
/// <param name="Type">The qualified type.</param>
public sealed record BtfConst(BtfTypeId Type) : BtfModifier("", Type)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Const;
}

/// <summary>Qualifier <c>restrict</c>.</summary>
/// <param name="Type">The qualified type.</param>
public sealed record BtfRestrict(BtfTypeId Type) : BtfModifier("", Type)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Restrict;
}

/// <summary>Tag on a type, such as <c>user</c> or <c>percpu</c>; kernel 5.17.</summary>
/// <param name="Name">The text of the tag; never empty.</param>
/// <param name="Type">The tagged type.</param>
/// <param name="IsAttribute">The text is an attribute as written in C; the kind flag, kernel 6.15.</param>
public sealed record BtfTypeTag(string Name, BtfTypeId Type, bool IsAttribute = false) : BtfModifier(Name, Type)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.TypeTag;

    internal override bool KindFlag => IsAttribute;
}
