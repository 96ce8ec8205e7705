using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Decides whether a loaded program is a dispatcher that we know, from what the kernel gives back of it.</summary>
internal static class DispatcherIdentity
{
    private const uint ArrayMapType = 2;

    /// <summary>Checks name, BTF marker, map and config bytes.</summary>
    /// <param name="bpf">The port.</param>
    /// <param name="info">What the kernel says of the program; its fd is held by the caller.</param>
    /// <param name="config">Its config, when it is a dispatcher of a version we know.</param>
    /// <returns>Null when it is; else why it is not.</returns>
    public static Mismatch? Check(IBpf bpf, ProgramInfo info, out DispatcherConfig? config)
    {
        config = null;
        if (info.Type != ProgramType.Xdp || info.Name != DispatcherNames.Entry)
            return new("it is not a dispatcher");
        try
        {
            if (ProgramBtf.ReadBytes(bpf, info) is not { } btf)
                return new("it is called like a dispatcher but has no BTF to say its version");
            if (DispatcherMarker.ReadVersion(BtfData.Read(btf)) is not { } version)
                return new("it is called like a dispatcher but its BTF has no version marker");
            if (version is < (int)DispatcherVersion.V1 or > (int)DispatcherVersion.V3)
                return new($"it is a dispatcher of version {version}, and this release knows versions 1 to 3", version);
            return ReadConfig(bpf, info, (DispatcherVersion)version, out config);
        }
        catch (MalformedObjectException malformed)
        {
            return new($"it is called like a dispatcher but does not read as one ({malformed.Message.TrimEnd('.')})");
        }
    }

    private static Mismatch? ReadConfig(IBpf bpf, ProgramInfo info, DispatcherVersion version, out DispatcherConfig? config)
    {
        config = null;
        if (info.MapCount != 1)
            return new($"it is marked as a dispatcher but has {info.MapCount} maps where a dispatcher has one");
        using var map = bpf.OpenMap(info.MapIds[0]);
        if (map is null)
            return new("it is marked as a dispatcher but its config map cannot be opened");
        var shape = bpf.GetInfo(map);
        var size = DispatcherConfig.SizeOf(version);
        if (shape is not { Type: ArrayMapType, KeySize: 4, MaxEntries: 1 } || shape.ValueSize != size)
            return new($"it is marked as a dispatcher of version {(int)version} but its map is not an array of one entry of {size} bytes");
        config = DispatcherConfig.Decode(bpf.ReadFirstElement(map, size), version, !BitConverter.IsLittleEndian);
        return null;
    }
}

/// <summary>Why a program is not a dispatcher that we know.</summary>
/// <param name="Reason">Without full stop.</param>
/// <param name="UnknownVersion">Its protocol version, when that alone is the reason.</param>
internal sealed record Mismatch(string Reason, int? UnknownVersion = null);
