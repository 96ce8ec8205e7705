using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>A BTF object.</summary>
internal sealed class SimBtf : KernelObject
{
    private SimBtf(byte[] bytes, BtfData data)
    {
        Bytes = bytes;
        Data = data;
    }

    public byte[] Bytes { get; }

    public BtfData Data { get; }

    /// <exception cref="SysError">EINVAL: it breaks a rule of the format.</exception>
    public static SimBtf Load(SimKernel kernel, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return kernel.BtfObjects.Add(new SimBtf(bytes.ToArray(), BtfData.Read(bytes)));
        }
        catch (MalformedObjectException malformed)
        {
            throw new SysError(KernelErrno.EINVAL, malformed.Message);
        }
    }

    /// <inheritdoc/>
    public override string ToString() => $"btf {Id}";

    /// <inheritdoc/>
    protected override void Free()
    {
    }
}
