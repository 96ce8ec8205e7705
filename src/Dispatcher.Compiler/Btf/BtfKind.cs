namespace Dispatcher.Compiler.Btf;

/// <summary>What a BTF type is. Values as in linux/btf.h.</summary>
/// <remarks>Kinds up to DataSec are known since kernel 5.2; the note on each later one names its kernel.</remarks>
public enum BtfKind
{
    /// <summary>The absence of a type; never stands in the type section.</summary>
    Void = 0,

    /// <summary>Integer.</summary>
    Int = 1,

    /// <summary>Pointer.</summary>
    Ptr = 2,

    /// <summary>Array.</summary>
    Array = 3,

    /// <summary>Structure.</summary>
    Struct = 4,

    /// <summary>Union.</summary>
    Union = 5,

    /// <summary>Enumeration of values of 32 bits.</summary>
    Enum = 6,

    /// <summary>Structure or union that is named but not defined here.</summary>
    Forward = 7,

    /// <summary>Typedef.</summary>
    Typedef = 8,

    /// <summary>Qualifier <c>volatile</c>.</summary>
    Volatile = 9,

    /// <summary>Qualifier <c>const</c>.</summary>
    Const = 10,

    /// <summary>Qualifier <c>restrict</c>.</summary>
    Restrict = 11,

    /// <summary>Function with a name.</summary>
    Func = 12,

    /// <summary>Parameters and result of a function.</summary>
    FuncProto = 13,

    /// <summary>Variable.</summary>
    Var = 14,

    /// <summary>Section of variables.</summary>
    DataSec = 15,

    /// <summary>Floating-point number; kernel 5.13.</summary>
    Float = 16,

    /// <summary>Tag on a declaration; kernel 5.16.</summary>
    DeclTag = 17,

    /// <summary>Tag on a type; kernel 5.17.</summary>
    TypeTag = 18,

    /// <summary>Enumeration of values of 64 bits; kernel 6.0.</summary>
    Enum64 = 19,
}

/// <summary>How an integer is to be shown. Values as in linux/btf.h.</summary>
[Flags]
public enum BtfIntEncoding
{
    /// <summary>Unsigned number.</summary>
    None = 0,

    /// <summary>Signed number.</summary>
    Signed = 1,

    /// <summary>Character.</summary>
    Char = 2,

    /// <summary>Truth value.</summary>
    Bool = 4,
}

/// <summary>Who sees a function or a variable. Values as in linux/btf.h.</summary>
public enum BtfLinkage
{
    /// <summary>Its own file.</summary>
    Static = 0,

    /// <summary>Everyone; the verifier checks a global function on its own, so it can be replaced.</summary>
    Global = 1,

    /// <summary>Defined elsewhere.</summary>
    Extern = 2,
}
