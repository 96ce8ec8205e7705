namespace Dispatcher.Compiler.Btf;

/// <summary>The number of a type within one BTF; types count from 1.</summary>
/// <param name="Value">0 stands for void.</param>
public readonly record struct BtfTypeId(uint Value)
{
    /// <summary>No type, as in <c>void *</c>.</summary>
    public static BtfTypeId Void => default;

    /// <summary>Whether this is void.</summary>
    public bool IsVoid => Value == 0;

    /// <summary>The number alone.</summary>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Where a string stands in the string section of one BTF.</summary>
/// <param name="Value">Bytes from the start of the string section; 0 is the empty string.</param>
public readonly record struct BtfStringOffset(uint Value);
