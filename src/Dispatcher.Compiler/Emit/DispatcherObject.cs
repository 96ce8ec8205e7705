using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>One function of a dispatcher, as a target for components.</summary>
/// <param name="Name">For example <c>prog0</c> or <c>xdp_dispatcher</c>.</param>
/// <param name="Start">Index of its first instruction.</param>
/// <param name="Count">Its instructions.</param>
/// <param name="BtfId">Its type id in the BTF of the dispatcher; what attach_btf_id and target_btf_id take.</param>
public readonly record struct DispatcherFunction(string Name, int Start, int Count, BtfTypeId BtfId);

/// <summary>A generated dispatcher: what the kernel loads, and the ELF object of the same.</summary>
/// <remarks>
/// Loading it: load <see cref="Btf"/>; make an array map of one entry with <see cref="ConfigBytes"/>, BPF_F_RDONLY_PROG,
/// and freeze it; put its fd into the immediate of every instruction of <see cref="ConfigReferences"/>; load
/// <see cref="Instructions"/> with <see cref="FuncInfo"/> and <see cref="LineInfo"/> as type XDP with expected attach
/// type BPF_XDP, and with BPF_F_XDP_HAS_FRAGS when <see cref="HasFrags"/> says so. When there are no references, bind
/// the map with BPF_PROG_BIND_MAP (kernel 5.10): a reader of the chain finds the config among the program's maps, and
/// takes a program without it for something else. libbpf does all of this for <see cref="WriteElf"/>; on a kernel
/// without BPF_PROG_BIND_MAP it leaves the map out, silently.
/// </remarks>
public sealed class DispatcherObject
{
    private readonly DispatcherCode _code;
    private readonly ImmutableArray<BtfFuncInfo> _funcInfo;
    private readonly ImmutableArray<BtfLineInfo> _lineInfo;
    private readonly BtfExt _ext;

    internal DispatcherObject(
        DispatcherSpec spec,
        DispatcherCode code,
        ImmutableArray<DispatcherFunction> functions,
        BtfData btf,
        ImmutableArray<BtfLineInfo> lineInfo,
        BtfExt ext)
    {
        Spec = spec;
        _code = code;
        Functions = functions;
        Btf = btf;
        _funcInfo = [.. functions.Select(f => new BtfFuncInfo((uint)f.Start, f.BtfId))];
        _lineInfo = lineInfo;
        _ext = ext;
    }

    /// <summary>What it was generated from.</summary>
    public DispatcherSpec Spec { get; }

    /// <summary>The code with its names: functions, labels, calls, map references.</summary>
    public BpfProgram Program => _code.Main.Program;

    /// <summary>The instructions as the kernel takes them: entry first, then the stubs; calls resolved, map fds still 0.</summary>
    public ImmutableArray<BpfInstruction> Instructions => Program.Instructions;

    /// <summary>The functions in order of their first instruction; the first is <see cref="DispatcherNames.Entry"/>.</summary>
    public ImmutableArray<DispatcherFunction> Functions { get; }

    /// <summary>The BTF that goes into the kernel and into the object.</summary>
    public BtfData Btf { get; }

    /// <summary>func_info of BPF_PROG_LOAD, one record per function, in order.</summary>
    public ReadOnlySpan<BtfFuncInfo> FuncInfo => _funcInfo.AsSpan();

    /// <summary>line_info of BPF_PROG_LOAD; lines of the C twin.</summary>
    public ReadOnlySpan<BtfLineInfo> LineInfo => _lineInfo.AsSpan();

    /// <summary>The wide loads whose immediate gets the fd of the config map; none in the specialised flavour.</summary>
    public ImmutableArray<BpfMapReference> ConfigReferences => Program.Maps;

    /// <summary>Whether it is to be loaded with BPF_F_XDP_HAS_FRAGS (kernel 5.18).</summary>
    public bool HasFrags => Spec.HasFrags;

    /// <summary>A function by its name; null when this dispatcher has none of that name.</summary>
    public DispatcherFunction? FindFunction(string name)
    {
        foreach (var function in Functions)
        {
            if (function.Name == name)
                return function;
        }

        return null;
    }

    /// <summary>The function that the component of a slot replaces: the entry itself when it is the only one, else the stub.</summary>
    /// <param name="slot">0 to the number of slots - 1.</param>
    /// <remarks>With one component the entry is replaced, so that no call is made at all; libxdp since 1.2.0.</remarks>
    public DispatcherFunction TargetOf(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, Spec.Slots.Length);
        return FindFunction(Spec.Slots.Length == 1 ? DispatcherNames.Entry : DispatcherNames.Stub(slot))!.Value;
    }

    /// <summary>The value of the config map.</summary>
    /// <param name="bigEndian">Byte order of the machine that runs the dispatcher.</param>
    public byte[] ConfigBytes(bool bigEndian = false) => Spec.ToConfig().Encode(bigEndian);

    /// <summary>The dispatcher as a relocatable ELF object, for libbpf and for tools.</summary>
    /// <param name="bigEndian">Byte order of the machine that runs the dispatcher.</param>
    public byte[] WriteElf(bool bigEndian = false) => DispatcherElf.Write(this, _code, _ext, bigEndian);
}
