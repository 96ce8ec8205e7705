using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Fuzzing.Seeds;

/// <summary>A few dispatchers of every version and flavour.</summary>
internal static class SampleSpecs
{
    private static readonly Slot Tagged = new(7, ChainCallActions.Of(XdpAction.Pass, XdpAction.Redirect), ProgramFlags.Frags);

    public static ImmutableArray<DispatcherSpec> All() =>
    [
        new(DispatcherVersion.V2, [Slot.Default]),
        new(DispatcherVersion.V1, [Slot.Default, new Slot(60, ChainCallActions.Of(XdpAction.Drop))]),
        new(DispatcherVersion.V3, [Tagged, Tagged with { Flags = ProgramFlags.Frags | ProgramFlags.DeviceBound }]),
        new(DispatcherVersion.V2, [.. Enumerable.Repeat(Slot.Default, DispatcherLimits.MaxSlots)], DispatcherFlavour.Generic),
        new(DispatcherVersion.V1, [Slot.Default], DispatcherFlavour.Generic),
    ];
}
