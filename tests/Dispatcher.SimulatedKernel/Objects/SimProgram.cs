using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Security.Cryptography;
using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>A loaded program: XDP, or EXT with the target it was verified against.</summary>
internal sealed class SimProgram : KernelObject
{
    private const int InstructionSize = 8;
    private readonly List<SimMap> _maps = [];
    private readonly Dictionary<uint, ReplacementLink> _replacements = [];
    private SimProgram? _firstTarget;
    private uint _firstFunction;

    private SimProgram(SimLoad load, TimeSpan loadTime)
    {
        Load = load;
        BoundTo = load.Target is { } target ? target.BoundTo : load.BoundTo;
        LoadTimeNs = (ulong)loadTime.Ticks * 100;
        Tag = new ProgramTag(BinaryPrimitives.ReadUInt64BigEndian(SHA256.HashData(load.Instructions)));
    }

    /// <summary>What it was loaded from.</summary>
    public SimLoad Load { get; }

    public ProgramType Type => Load.Type;

    /// <summary>At most 15 characters.</summary>
    public string Name => Load.Name;

    public ProgramTag Tag { get; }

    public ulong LoadTimeNs { get; }

    public SimBtf? Btf => Load.Btf;

    /// <summary>The device it is bound to, or null; EXT: that of the first target.</summary>
    public SimInterface? BoundTo { get; }

    public int InstructionCount => Load.Instructions.Length / InstructionSize;

    public ImmutableArray<SimMap> Maps => [.. _maps];

    /// <summary>EXT: type and expected attach type of the first target, which every later target must share.</summary>
    public (ProgramType Type, uint ExpectedAttachType) TargetKind { get; private set; }

    /// <summary>Loads a program.</summary>
    /// <exception cref="SysError">EINVAL with the reason, or the errno and log of a refusal that the test asked for.</exception>
    public static SimProgram LoadInto(SimKernel kernel, SimLoad load)
    {
        LoadRules.Check(kernel, load);
        var program = kernel.Programs.Add(new SimProgram(load, kernel.Clock));
        load.Btf?.Hold();
        if (load.Target is { } target)
        {
            target.Hold();
            program._firstTarget = target;
            program._firstFunction = load.TargetFunction;
            program.TargetKind = (target.Type, target.Load.ExpectedAttachType);
        }

        return program;
    }

    /// <summary>Adds a map to those it refers to; a second time changes nothing.</summary>
    public void Bind(SimMap map)
    {
        if (_maps.Contains(map))
            return;
        map.Hold();
        _maps.Add(map);
    }

    /// <summary>The link that replaces a function, or null: the function itself runs.</summary>
    public ReplacementLink? ReplacementOf(uint functionTypeId) => _replacements.GetValueOrDefault(functionTypeId);

    /// <summary>The link that replaces a function, by its name.</summary>
    public ReplacementLink? ReplacementOf(string function) =>
        Btf?.Data.Find(BtfKind.Func, function) is { } id ? ReplacementOf(id.Value) : null;

    /// <summary>Whether the verifier has passed this very target already; true until the first attach.</summary>
    internal bool IsVerifiedFor(SimProgram target, uint functionTypeId) => _firstTarget == target && _firstFunction == functionTypeId;

    /// <summary>At the first attach, wherever it goes: the first target is no longer kept alive from here.</summary>
    internal void ForgetFirstTarget()
    {
        var target = _firstTarget;
        _firstTarget = null;
        target?.Drop();
    }

    internal void Replace(uint functionTypeId, ReplacementLink link)
    {
        if (!_replacements.TryAdd(functionTypeId, link))
            throw new SysError(KernelErrno.EBUSY);
    }

    internal void Restore(uint functionTypeId) => _replacements.Remove(functionTypeId);

    /// <inheritdoc/>
    public override string ToString() => $"program {Id} {Name}";

    /// <inheritdoc/>
    protected override void Free()
    {
        foreach (var map in _maps)
            map.Drop();
        Btf?.Drop();
        ForgetFirstTarget();
    }
}
