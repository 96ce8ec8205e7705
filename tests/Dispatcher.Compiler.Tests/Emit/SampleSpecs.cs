using System.Collections.Immutable;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Tests.Emit;

/// <summary>Specs to test with.</summary>
internal static class SampleSpecs
{
    /// <summary>1 to 10 slots of all versions and both flavours, policies and flags of every sort.</summary>
    public static IEnumerable<DispatcherSpec> All()
    {
        foreach (var flavour in Enum.GetValues<DispatcherFlavour>())
        {
            foreach (var version in Enum.GetValues<DispatcherVersion>())
            {
                for (var count = 1; count <= DispatcherLimits.MaxSlots; count++)
                    yield return new DispatcherSpec(version, SlotsOf(count, version), flavour);
            }
        }
    }

    /// <summary>The specs whose texts are committed, by name.</summary>
    public static ImmutableDictionary<string, DispatcherSpec> Named { get; } = new Dictionary<string, DispatcherSpec>
    {
        ["one"] = new(DispatcherVersion.V2, [Slot.Default]),
        ["three"] = new(DispatcherVersion.V2,
        [
            new Slot(10, ChainCallActions.Of(XdpAction.Pass, XdpAction.Tx)),
            new Slot(20, default),
            new Slot(30, ChainCallActions.Of(XdpAction.Aborted, XdpAction.Drop, XdpAction.Redirect)),
        ]),
        ["frags"] = new(DispatcherVersion.V3,
        [
            new Slot(50, ChainCallActions.Default, ProgramFlags.Frags | ProgramFlags.DeviceBound),
            new Slot(60, ChainCallActions.Default, ProgramFlags.Frags | ProgramFlags.DeviceBound),
        ]),
        ["v1"] = new(DispatcherVersion.V1, [new Slot(10, ChainCallActions.Default), new Slot(20, ChainCallActions.Of(XdpAction.Pass, XdpAction.Drop))]),
        ["v1_generic"] = new(DispatcherVersion.V1, [Slot.Default], DispatcherFlavour.Generic),
        ["generic"] = new(DispatcherVersion.V2, [Slot.Default, new Slot(60, ChainCallActions.Of(XdpAction.Drop))], DispatcherFlavour.Generic),
    }.ToImmutableDictionary();

    /// <summary>A name for messages and files.</summary>
    public static string NameOf(DispatcherSpec spec) => $"{spec.Flavour.ToString().ToLowerInvariant()}-v{(int)spec.Version}-{spec.Slots.Length}";

    /// <summary>The dispatcher of a named spec.</summary>
    public static DispatcherObject Generate(string name) => DispatcherGenerator.Generate(Named[name]);

    private static ImmutableArray<Slot> SlotsOf(int count, DispatcherVersion version)
    {
        var slots = ImmutableArray.CreateBuilder<Slot>(count);
        for (var i = 0; i < count; i++)
        {
            var flags = (count % 3 == 0 ? ProgramFlags.Frags : 0) | (count % 4 == 0 ? ProgramFlags.DeviceBound : 0);
            slots.Add(new Slot((uint)(10 * i), new ChainCallActions((uint)(i * 7 + count) & 0x1f), flags & ~version.FlagsBeyond()));
        }

        return slots.MoveToImmutable();
    }
}
