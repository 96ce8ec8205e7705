using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Reads the BTF of a loaded program back from the kernel.</summary>
internal static class ProgramBtf
{
    /// <summary>The bytes as the kernel keeps them. Null: the program has none.</summary>
    /// <remarks>The program holds its BTF, so while the caller holds the program the BTF cannot vanish.</remarks>
    public static byte[]? ReadBytes(IBpf bpf, ProgramInfo info)
    {
        if (info.BtfId is not { } id)
            return null;
        using var fd = bpf.OpenBtf(id);
        return fd is null ? null : bpf.ReadBtf(fd);
    }

    /// <summary>The parsed BTF. Null: the program has none, or it is malformed.</summary>
    public static BtfData? TryRead(IBpf bpf, ProgramInfo info)
    {
        try
        {
            return ReadBytes(bpf, info) is { } bytes ? BtfData.Read(bytes) : null;
        }
        catch (MalformedObjectException)
        {
            return null;
        }
    }
}
