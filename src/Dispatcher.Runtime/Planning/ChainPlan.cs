using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Planning;

/// <summary>A component as planning sees it: identity, order and policy, no fds.</summary>
/// <param name="Id">Program id.</param>
/// <param name="Name">Full function name.</param>
/// <param name="Tag">Program tag.</param>
/// <param name="LoadTimeNs">Nanoseconds since boot.</param>
/// <param name="IsInChain">It ran in the chain already when the change began.</param>
/// <param name="InstructionCount">Instructions before translation; only asked of newcomers.</param>
/// <param name="Policy">Priority, chain call actions, flags.</param>
internal sealed record PlannedComponent(
    ProgramId Id, string Name, ProgramTag Tag, ulong LoadTimeNs, bool IsInChain, int InstructionCount, Slot Policy)
{
    /// <summary>What decides its place.</summary>
    public SlotOrderKey OrderKey => new(Policy.Priority, Name, IsInChain, InstructionCount, Tag.Value, LoadTimeNs);

    /// <summary>For messages: name, and what tells it from another of that name.</summary>
    public string Label => $"'{Printable.Escape(Name)}' ({(IsInChain ? $"id {Id}" : "new")})";

    /// <summary>The public picture of it.</summary>
    public ComponentStatus ToStatus(int slot) =>
        new(slot, Id, Name, Tag, Policy.Priority, Policy.Actions, Policy.Flags.HasFlag(ProgramFlags.Frags))
        {
            IsDeviceBound = Policy.Flags.HasFlag(ProgramFlags.DeviceBound),
        };
}

/// <summary>The chain that a plan starts from.</summary>
/// <param name="Version">Version on the NIC.</param>
/// <param name="Mode">Mode of the hook.</param>
/// <param name="Components">In slot order.</param>
internal sealed record PlannedFrom(DispatcherVersion Version, AttachMode Mode, ImmutableArray<PlannedComponent> Components)
{
    /// <summary>What the config says of the dispatcher itself.</summary>
    public ProgramFlags DispatcherFlags { get; init; }
}

/// <summary>The chain that a change leads to. Data only: nothing has been done.</summary>
/// <param name="Version">Version of the new dispatcher.</param>
/// <param name="Mode">Mode to attach in.</param>
/// <param name="Components">In running order; empty: the hook becomes empty.</param>
/// <param name="Changed">The components that come or go, in the order of the request.</param>
internal sealed record ChainPlan(
    DispatcherVersion Version, AttachMode Mode, ImmutableArray<PlannedComponent> Components, ImmutableArray<PlannedComponent> Changed)
{
    /// <summary>Components of the chain that stay in place of newcomers.</summary>
    public ImmutableArray<PlannedComponent> Kept { get; init; } = [];

    /// <summary>What the caller should know of it beside what was asked for.</summary>
    public ImmutableArray<ChangeNote> Notes { get; init; } = [];

    /// <summary>Names of the components that keep the chain from taking packets in several buffers.</summary>
    public ImmutableArray<string> WithoutFrags =>
        [.. Components.Where(component => !component.Policy.Flags.HasFlag(ProgramFlags.Frags)).Select(component => component.Name)];

    /// <summary>The chain is as asked already: there is nothing to build and nothing to swap.</summary>
    public bool ChangesNothing { get; init; }

    /// <summary>Whether the hook becomes empty.</summary>
    public bool EmptiesHook => Components.IsEmpty && !ChangesNothing;

    /// <summary>The plan of a hook that holds nothing and is to hold nothing.</summary>
    /// <param name="why">Said to the caller.</param>
    public static ChainPlan StaysEmpty(ChangeNote why) => new(DispatcherVersion.V2, AttachMode.Unspecified, [], []) { ChangesNothing = true, Notes = [why] };

    /// <summary>Whether a component is in the chain that it leads to.</summary>
    public bool Holds(PlannedComponent component) => Components.Any(planned => planned.Id == component.Id);

    /// <summary>The plan with what the kernel said of its dispatcher.</summary>
    /// <param name="hasFrags">Whether the dispatcher takes packets in several buffers.</param>
    public ChainPlan AsBuilt(bool hasFrags) =>
        WithoutFrags.IsEmpty && !hasFrags ? this with { Notes = Notes.Add(FragsNotes.OfKernel(ToSpec().IsDeviceBound)) } : this;

    /// <summary>The chain as a later change will find it; its mode is not known before it is attached.</summary>
    /// <param name="config">Of the dispatcher that was built for it.</param>
    public PlannedFrom AsFound(DispatcherConfig config) => new(Version, Mode, [.. Components.Select(component => component with { IsInChain = true, InstructionCount = 0 })])
    {
        DispatcherFlags = config.DispatcherFlags,
    };

    /// <summary>The dispatcher to generate.</summary>
    public DispatcherSpec ToSpec() => new(Version, [.. Components.Select(component => component.Policy)]);
}
