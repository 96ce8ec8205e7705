namespace Dispatcher.Compiler.Btf;

/// <summary>A parameter of a function.</summary>
/// <param name="Name">Empty in a prototype that names none.</param>
/// <param name="Type">Its type; void in last place, without a name, stands for <c>...</c>.</param>
public readonly record struct BtfParameter(string Name, BtfTypeId Type);

/// <summary>Parameters and result of a function.</summary>
/// <param name="Return">Type of the result; void allowed.</param>
/// <param name="Parameters">Parameters in order.</param>
public sealed record BtfFuncProto(BtfTypeId Return, ValueArray<BtfParameter> Parameters) : BtfType("")
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.FuncProto;

    internal override int Vlen => Parameters.Count;

    internal override uint SizeOrType => Return.Value;
}

/// <summary>Function.</summary>
/// <param name="Name">Never empty.</param>
/// <param name="Prototype">A <see cref="BtfFuncProto"/>.</param>
/// <param name="Linkage">Who sees it; a stub that is to be replaced is global.</param>
public sealed record BtfFunc(string Name, BtfTypeId Prototype, BtfLinkage Linkage) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Func;

    internal override int Vlen => (int)Linkage;

    internal override uint SizeOrType => Prototype.Value;
}

/// <summary>Variable.</summary>
/// <param name="Name">Never empty.</param>
/// <param name="Type">Its type.</param>
/// <param name="Linkage">Who sees it.</param>
public sealed record BtfVar(string Name, BtfTypeId Type, BtfLinkage Linkage) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.Var;

    internal override uint SizeOrType => Type.Value;
}

/// <summary>Where a variable stands in its section.</summary>
/// <param name="Variable">A <see cref="BtfVar"/>; for an external function a <see cref="BtfFunc"/>.</param>
/// <param name="Offset">Bytes from the start of the section; compilers leave 0 for the loader to fill in.</param>
/// <param name="Size">Size in bytes.</param>
public readonly record struct BtfSectionVariable(BtfTypeId Variable, uint Offset, uint Size);

/// <summary>Section of variables, such as <c>.rodata</c>.</summary>
/// <param name="Name">Name of the ELF section; never empty.</param>
/// <param name="Size">Size in bytes; compilers leave 0 for the loader to fill in.</param>
/// <param name="Variables">Variables in order of their offset.</param>
public sealed record BtfDataSec(string Name, uint Size, ValueArray<BtfSectionVariable> Variables) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.DataSec;

    internal override int Vlen => Variables.Count;

    internal override uint SizeOrType => Size;
}

/// <summary>Tag on a structure, union, member, typedef, variable, function or parameter; kernel 5.16.</summary>
/// <param name="Name">The text of the tag; never empty.</param>
/// <param name="Type">What carries it.</param>
/// <param name="ComponentIndex">Index of the member or parameter that carries it; -1 for the whole.</param>
/// <param name="IsAttribute">The text is an attribute as written in C; the kind flag, kernel 6.15.</param>
public sealed record BtfDeclTag(string Name, BtfTypeId Type, int ComponentIndex = -1, bool IsAttribute = false) : BtfType(Name)
{
    /// <inheritdoc/>
    public override BtfKind Kind => BtfKind.DeclTag;

    internal override bool KindFlag => IsAttribute;

    internal override uint SizeOrType => Type.Value;
}
