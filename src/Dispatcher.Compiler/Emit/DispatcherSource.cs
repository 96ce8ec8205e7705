using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>The C twin of a generated dispatcher: what a person would write to get the same object from clang.</summary>
public static class DispatcherSource
{
    /// <summary>Name of the file that the line info of a generated dispatcher points into.</summary>
    public const string FileName = "dispatcher.c";

    private static readonly Lazy<SourceTemplate> Template = new(() => SourceTemplate.Load(FileName));

    /// <summary>The C text, lines end with LF; the same spec gives the same text.</summary>
    /// <param name="spec">What the dispatcher is to do.</param>
    /// <remarks>Compiles alone against linux/bpf.h and bpf/bpf_helpers.h. Source: templates/README.md.</remarks>
    public static string Render(DispatcherSpec spec)
    {
        ArgumentNullException.ThrowIfNull(spec);
        return Template.Value.Render(ValuesOf(spec));
    }

    /// <summary>Stubs that a dispatcher of this spec has, without compat_test.</summary>
    internal static int StubCount(DispatcherSpec spec) =>
        spec.Flavour == DispatcherFlavour.Generic ? DispatcherLimits.MaxSlots : spec.Slots.Length;

    /// <summary>The ELF section of the entry function; its name says the frags wish to libbpf.</summary>
    internal static string SectionName(DispatcherSpec spec) => spec.HasFrags ? "xdp.frags" : "xdp";

    /// <summary>A policy as the twin writes it, such as <c>0x80000004</c>.</summary>
    internal static string Hex(ChainCallActions actions) => $"0x{actions.ToWire():x8}";

    private static TemplateValues ValuesOf(DispatcherSpec spec)
    {
        var values = new TemplateValues()
            .Set("version", Number((uint)spec.Version))
            .Set("slot_count", Number((uint)spec.Slots.Length))
            .Set("section", SectionName(spec))
            .Set("frags", spec.HasFrags ? "1" : "0")
            .Set("devbound", spec.IsDeviceBound ? "1" : "0")
            .Set("generic", spec.Flavour == DispatcherFlavour.Generic)
            .Set("specialised", spec.Flavour == DispatcherFlavour.Specialised)
            .Set("since_v2", spec.Version >= DispatcherVersion.V2)
            .Set("since_v3", spec.Version >= DispatcherVersion.V3);
        return values
            .Set("slots", [.. spec.Slots.Select((slot, index) => ValuesOf(slot, index, values))])
            .Set("stubs", [.. Enumerable.Range(0, StubCount(spec)).Select(i => new TemplateValues(values).Set("index", Number((uint)i)))]);
    }

    private static TemplateValues ValuesOf(Slot slot, int index, TemplateValues outer) => new TemplateValues(outer)
        .Set("index", Number((uint)index))
        .Set("priority", Number(slot.Priority))
        .Set("actions_hex", Hex(slot.Actions))
        .Set("actions", ActionNames(slot.Actions))
        .Set("flags_hex", $"0x{(uint)slot.Flags:x}");

    private static string ActionNames(ChainCallActions actions)
    {
        var names = ImmutableArray.CreateBuilder<string>();
        for (var value = 0; value < DispatcherLimits.EmptyStubVerdict; value++)
        {
            if ((actions.Mask >> value & 1) != 0)
                names.Add(value <= (int)XdpAction.Redirect ? ((XdpAction)value).KernelName() : Number((uint)value));
        }

        return names.Count > 0 ? string.Join(", ", names) : "none";
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);
}
