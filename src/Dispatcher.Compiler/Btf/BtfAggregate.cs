namespace Dispatcher.Compiler.Btf;

/// <summary>A member of a structure or union.</summary>
/// <param name="Name">Empty for an anonymous member.</param>
/// <param name="Type">Its type.</param>
/// <param name="BitOffset">Bits from the start of the structure.</param>
/// <param name="BitfieldSize">Width in bits; 0 when the member is no bitfield.</param>
public readonly record struct BtfMember(string Name, BtfTypeId Type, uint BitOffset, byte BitfieldSize = 0);

/// <summary>Structure or union.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Members">Members in order.</param>
/// <param name="HasBitfieldSizes">The kind flag: offsets have 24 bits and carry the width of a bitfield in the upper 8.</param>
public abstract record BtfComposite(string Name, uint Size, ValueArray<BtfMember> Members, bool HasBitfieldSizes) : BtfType(Name)
{
    internal override int Vlen => Members.Count;

    internal override bool KindFlag => HasBitfieldSizes;

    internal override uint SizeOrType => Size;
}

/// <summary>Structure.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Members">Members in order.</param>
/// <param name="HasBitfieldSizes">The kind flag; needed for members with a bitfield size.</param>
public sealed record BtfStruct(string Name, uint Size, ValueArray<BtfMember> Members, bool HasBitfieldSizes = false)
    : BtfComposite(Name, Size, Members, HasBitfieldSizes)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Struct;
}

/// <summary>Union.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Members">Members in order.</param>
/// <param name="HasBitfieldSizes">The kind flag; needed for members with a bitfield size.</param>
public sealed record BtfUnion(string Name, uint Size, ValueArray<BtfMember> Members, bool HasBitfieldSizes = false)
    : BtfComposite(Name, Size, Members, HasBitfieldSizes)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Union;
}

/// <summary>A named value of an enumeration.</summary>
/// <param name="Name">Never empty.</param>
/// <param name="Value">The value; of an unsigned enumeration of 64 bits, its bits.</param>
public readonly record struct BtfEnumerator(string Name, long Value);

/// <summary>Enumeration of either width.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes: 1, 2, 4 or 8.</param>
/// <param name="Values">Named values in order.</param>
/// <param name="IsSigned">The kind flag: values are signed.</param>
public abstract record BtfEnumeration(string Name, uint Size, ValueArray<BtfEnumerator> Values, bool IsSigned) : BtfType(Name)
{
    internal override int Vlen => Values.Count;

    internal override bool KindFlag => IsSigned;

    internal override uint SizeOrType => Size;
}

/// <summary>Enumeration whose values fit 32 bits.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Values">Values in the range of int when signed, of uint when not.</param>
/// <param name="IsSigned">The kind flag; kernel 6.0, older kernels take it for an error.</param>
public sealed record BtfEnum(string Name, uint Size, ValueArray<BtfEnumerator> Values, bool IsSigned = false)
    : BtfEnumeration(Name, Size, Values, IsSigned)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Enum;
}

/// <summary>Enumeration with values of 64 bits; kernel 6.0.</summary>
/// <param name="Name">Tag; may be empty.</param>
/// <param name="Size">Size in bytes.</param>
/// <param name="Values">Values; when unsigned, above <see cref="long.MaxValue"/> as the same bits.</param>
/// <param name="IsSigned">The kind flag.</param>
public sealed record BtfEnum64(string Name, uint Size, ValueArray<BtfEnumerator> Values, bool IsSigned = false)
    : BtfEnumeration(Name, Size, Values, IsSigned)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Enum64;
}
