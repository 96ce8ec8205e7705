using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>A bpf_link: attaches its program as long as it lives.</summary>
/// <param name="program">The program attached; referred to.</param>
internal abstract class SimLink(SimProgram program) : KernelObject
{
    public SimProgram Program { get; } = program;

    /// <summary>What the kernel says of it.</summary>
    public abstract LinkInfo Describe();

    /// <inheritdoc/>
    public override string ToString() => $"link {Id} of {Program}";

    /// <summary>Takes the program off what it was attached to.</summary>
    protected abstract void Detach();

    /// <inheritdoc/>
    protected sealed override void Free()
    {
        Detach();
        Program.Drop();
    }
}

/// <summary>An EXT program in place of a function (freplace).</summary>
internal sealed class ReplacementLink : SimLink
{
    private const uint TracingType = 2;
    private readonly SimProgram _target;
    private readonly uint _functionTypeId;

    private ReplacementLink(SimProgram component, SimProgram target, uint functionTypeId)
        : base(component)
    {
        _target = target;
        _functionTypeId = functionTypeId;
    }

    /// <summary>Makes the link; it keeps component and target alive.</summary>
    /// <exception cref="SysError">EBUSY: the function is replaced already.</exception>
    public static ReplacementLink Create(SimKernel kernel, SimProgram component, SimProgram target, uint functionTypeId)
    {
        var link = new ReplacementLink(component, target, functionTypeId);
        target.Replace(functionTypeId, link);
        component.Hold();
        target.Hold();
        kernel.Links.Add(link);
        return link;
    }

    /// <inheritdoc/>
    public override LinkInfo Describe() =>
        new(new LinkId(Id), TracingType, new ProgramId(Program.Id), _target.Id, _functionTypeId);

    /// <inheritdoc/>
    protected override void Detach()
    {
        _target.Restore(_functionTypeId);
        _target.Drop();
    }
}

/// <summary>A link that owns the hook of an interface; netlink cannot touch the hook while it lives.</summary>
internal sealed class HookLink : SimLink
{
    private const uint XdpType = 6;
    private readonly AttachMode _mode;
    private SimInterface? _interface;

    private HookLink(SimProgram program, SimInterface target, AttachMode mode)
        : base(program)
    {
        _interface = target;
        _mode = mode;
    }

    /// <exception cref="SysError">EBUSY: something is attached. EOPNOTSUPP: the driver lacks the mode.</exception>
    public static HookLink Create(SimKernel kernel, SimProgram program, SimInterface target, AttachMode mode)
    {
        var settled = HookRules.ModeOf(target, mode);
        var link = new HookLink(program, target, settled);
        HookRules.Attach(target, link, settled);
        program.Hold();
        kernel.Links.Add(link);
        return link;
    }

    /// <inheritdoc/>
    public override LinkInfo Describe() =>
        new(new LinkId(Id), XdpType, new ProgramId(Program.Id), (uint)(_interface?.Index ?? 0), 0);

    /// <summary>The interface is gone; the link lives on without one.</summary>
    internal void LoseInterface() => _interface = null;

    /// <inheritdoc/>
    protected override void Detach() => _interface?.Clear(_mode);
}
