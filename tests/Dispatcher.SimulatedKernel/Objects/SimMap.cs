namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>An array map of one entry.</summary>
internal sealed class SimMap : KernelObject
{
    private readonly SimBtf? _btf;
    private byte[] _value;
    private bool _isFrozen;

    private SimMap(string name, int valueSize, SimBtf? btf)
    {
        Name = name;
        _value = new byte[valueSize];
        _btf = btf;
    }

    public string Name { get; }

    public int ValueSize => _value.Length;

    public ReadOnlySpan<byte> Value => _value;

    /// <exception cref="SysError">EINVAL: no value, or a type that is not in the BTF.</exception>
    public static SimMap Create(SimKernel kernel, string name, int valueSize, SimBtf? btf, uint valueTypeId)
    {
        if (valueSize <= 0 || (btf is not null && valueTypeId > btf.Data.Count))
            throw new SysError(KernelErrno.EINVAL);
        btf?.Hold();
        return kernel.Maps.Add(new SimMap(name, valueSize, btf));
    }

    /// <exception cref="SysError">EPERM: it is frozen.</exception>
    public void Write(ReadOnlySpan<byte> value)
    {
        if (_isFrozen)
            throw new SysError(KernelErrno.EPERM);
        _value = value.ToArray();
    }

    /// <exception cref="SysError">EPERM: it is frozen already.</exception>
    public void Freeze()
    {
        if (_isFrozen)
            throw new SysError(KernelErrno.EPERM);
        _isFrozen = true;
    }

    /// <inheritdoc/>
    public override string ToString() => $"map {Id} {Name}";

    /// <inheritdoc/>
    protected override void Free() => _btf?.Drop();
}
