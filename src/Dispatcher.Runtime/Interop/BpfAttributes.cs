using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>BPF_MAP_CREATE.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct MapCreateAttr
{
    public uint MapType;
    public uint KeySize;
    public uint ValueSize;
    public uint MaxEntries;
    public uint MapFlags;
    public uint InnerMapFd;
    public uint NumaNode;
    public KernelName16 MapName;
    public uint MapIfindex;
    public uint BtfFd;
    public uint BtfKeyTypeId;
    public uint BtfValueTypeId;
}

/// <summary>BPF_MAP_LOOKUP_ELEM, BPF_MAP_UPDATE_ELEM, BPF_MAP_DELETE_ELEM; BPF_MAP_GET_NEXT_KEY, whose next key stands where the value does.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct MapElementAttr
{
    public uint MapFd;
    [KernelName(null)] public uint Padding;
    public ulong Key;
    public ulong Value;
    public ulong Flags;
}

/// <summary>BPF_MAP_FREEZE.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct MapFreezeAttr
{
    public uint MapFd;
}

/// <summary>BPF_PROG_LOAD, up to the target of an EXT program.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct ProgramLoadAttr
{
    public uint ProgType;
    public uint InsnCnt;
    public ulong Insns;
    public ulong License;
    public uint LogLevel;
    public uint LogSize;
    public ulong LogBuf;
    public uint KernVersion;
    public uint ProgFlags;
    public KernelName16 ProgName;
    public uint ProgIfindex;
    public uint ExpectedAttachType;
    public uint ProgBtfFd;
    public uint FuncInfoRecSize;
    public ulong FuncInfo;
    public uint FuncInfoCnt;
    public uint LineInfoRecSize;
    public ulong LineInfo;
    public uint LineInfoCnt;
    public uint AttachBtfId;
    public uint AttachProgFd;
    [KernelName(null)] public uint Padding;
}

/// <summary>BPF_OBJ_PIN, BPF_OBJ_GET.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct ObjectPathAttr
{
    public ulong Pathname;
    public uint BpfFd;
    public uint FileFlags;
}

/// <summary>BPF_PROG_TEST_RUN, up to the duration.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr", "test")]
internal struct TestRunAttr
{
    public uint ProgFd;
    public uint Retval;
    public uint DataSizeIn;
    public uint DataSizeOut;
    public ulong DataIn;
    public ulong DataOut;
    public uint Repeat;
    public uint Duration;
}

/// <summary>BPF_*_GET_NEXT_ID, BPF_*_GET_FD_BY_ID: the first field is a union of the start and the id itself.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct IdAttr
{
    [KernelName("start_id")] public uint Id;
    public uint NextId;
    public uint OpenFlags;
}

/// <summary>BPF_OBJ_GET_INFO_BY_FD.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr", "info")]
internal struct InfoAttr
{
    public uint BpfFd;
    public uint InfoLen;
    public ulong Info;
}

/// <summary>BPF_BTF_LOAD.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr")]
internal struct BtfLoadAttr
{
    public ulong Btf;
    public ulong BtfLogBuf;
    public uint BtfSize;
    public uint BtfLogSize;
    public uint BtfLogLevel;
    [KernelName(null)] public uint Padding;
}

/// <summary>BPF_LINK_CREATE of an EXT program.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr", "link_create")]
internal struct LinkCreateAttr
{
    public uint ProgFd;
    public uint TargetFd;
    public uint AttachType;
    public uint Flags;
    public uint TargetBtfId;
}

/// <summary>BPF_RAW_TRACEPOINT_OPEN; of a tracing program without a name.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr", "raw_tracepoint")]
internal struct RawTracepointAttr
{
    public ulong Name;
    public uint ProgFd;
    [KernelName(null)] public uint Padding;
}

/// <summary>BPF_PROG_BIND_MAP.</summary>
[StructLayout(LayoutKind.Sequential), KernelLayout("bpf_attr", "prog_bind_map")]
internal struct BindMapAttr
{
    public uint ProgFd;
    public uint MapFd;
    public uint Flags;
}
