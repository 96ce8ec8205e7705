using System.Runtime.InteropServices;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>A name of at most 15 bytes and its final NUL, as the kernel stores names of objects.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct KernelName16
{
    internal const int SizeBytes = 16;

    public fixed byte Bytes[SizeBytes];

    /// <summary>The name up to its NUL.</summary>
    public override readonly string ToString()
    {
        fixed (byte* bytes = Bytes)
        {
            var span = new ReadOnlySpan<byte>(bytes, SizeBytes);
            var end = span.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? span : span[..end]);
        }
    }

    /// <summary>Cuts a name at 15 bytes and writes what the kernel refuses in names as an underscore.</summary>
    public static KernelName16 From(string name)
    {
        var result = default(KernelName16);
        for (var index = 0; index < Math.Min(name.Length, SizeBytes - 1); index++)
            result.Bytes[index] = char.IsAsciiLetterOrDigit(name[index]) || name[index] is '_' or '.' ? (byte)name[index] : (byte)'_';
        return result;
    }
}

/// <summary><c>struct bpf_prog_info</c>, up to the number of function records.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_prog_info")]
internal unsafe struct ProgramInfoLayout
{
    public uint Type;
    public uint Id;
    public fixed byte Tag[8];
    public uint JitedProgLen;
    public uint XlatedProgLen;
    public ulong JitedProgInsns;
    public ulong XlatedProgInsns;
    public ulong LoadTime;
    public uint CreatedByUid;
    public uint NrMapIds;
    public ulong MapIds;
    public KernelName16 Name;
    public uint Ifindex;
    [KernelName("gpl_compatible")] public uint Bits;
    public ulong NetnsDev;
    public ulong NetnsIno;
    public uint NrJitedKsyms;
    public uint NrJitedFuncLens;
    public ulong JitedKsyms;
    public ulong JitedFuncLens;
    public uint BtfId;
    public uint FuncInfoRecSize;
    public ulong FuncInfo;
    public uint NrFuncInfo;
    public uint NrLineInfo;
}

/// <summary><c>struct bpf_map_info</c>, up to the name.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_map_info")]
internal struct MapInfoLayout
{
    public uint Type;
    public uint Id;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint MapFlags;
    public KernelName16 Name;
    public uint Ifindex;
    public uint BtfVmlinuxValueTypeId;
    public ulong NetnsDev;
    public ulong NetnsIno;
    public uint BtfId;
    public uint BtfKeyTypeId;
    public uint BtfValueTypeId;
    [KernelName(null)] public uint EndPadding;
}

/// <summary><c>struct bpf_link_info</c> of a tracing link; an XDP link has its ifindex in the place of the attach type.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_link_info", "tracing")]
internal struct LinkInfoLayout
{
    public uint Type;
    public uint Id;
    public uint ProgId;
    [KernelName(null)] public uint Padding;
    [KernelName("attach_type")] public uint AttachTypeOrIfindex;
    public uint TargetObjId;
    public uint TargetBtfId;
    [KernelName(null)] public uint EndPadding;
}

/// <summary><c>struct bpf_btf_info</c>, up to the id.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_btf_info")]
internal struct BtfInfoLayout
{
    public ulong Btf;
    public uint BtfSize;
    public uint Id;
}
