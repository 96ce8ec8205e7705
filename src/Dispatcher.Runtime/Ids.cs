namespace Dispatcher.Runtime;

/// <summary>Kernel-wide id of a loaded BPF program; never reused while anything refers to the program.</summary>
/// <param name="Value">Greater than 0.</param>
public readonly record struct ProgramId(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>Kernel-wide id of a bpf_link.</summary>
/// <param name="Value">Greater than 0.</param>
public readonly record struct LinkId(uint Value)
{
    /// <inheritdoc/>
    public override string ToString() => Value.ToString(System.Globalization.CultureInfo.InvariantCulture);
}

/// <summary>The kernel's 8-byte digest of a program's instructions.</summary>
/// <param name="Value">The eight bytes, first byte most significant, so that values compare as the bytes do.</param>
public readonly record struct ProgramTag(ulong Value)
{
    /// <summary>16 hexadecimal digits, as other tools print it.</summary>
    public override string ToString() => Value.ToString("x16", System.Globalization.CultureInfo.InvariantCulture);
}
