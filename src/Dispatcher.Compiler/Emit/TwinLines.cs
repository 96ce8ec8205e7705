using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>One line of the C twin.</summary>
/// <param name="Number">From 1.</param>
/// <param name="Text">Without the white space around it.</param>
/// <param name="Column">Where the text starts, from 1.</param>
internal readonly record struct TwinLine(int Number, string Text, int Column);

/// <summary>Where in the C twin the lines stand that instructions come from.</summary>
/// <remarks>
/// Line numbers depend on version, flavour and number of slots, not on the policy, so each shape of a twin is
/// rendered and searched once. The lines of a slot stand together: the call, its test, the return.
/// </remarks>
internal sealed class TwinLines
{
    private static readonly TwinLines?[,,] Shapes =
        new TwinLines?[(int)DispatcherVersion.V3 + 1, (int)DispatcherFlavour.Generic + 1, DispatcherLimits.MaxSlots + 1];

    private readonly ImmutableArray<TwinLine> _lines;
    private readonly int _entry;
    private readonly ImmutableArray<int> _calls;
    private readonly ImmutableArray<int> _stubs;

    private TwinLines(string source, DispatcherFlavour flavour, int stubCount)
    {
        _lines = [.. source.Split('\n').Select((text, i) => new TwinLine(i + 1, text.Trim(), 1 + text.Length - text.TrimStart().Length))];
        _entry = IndexOf($"int {DispatcherNames.Entry}(struct xdp_md *ctx)", 0);
        _stubs = [.. Enumerable.Range(0, stubCount).Select(i => IndexOf(StubText(DispatcherNames.Stub(i)), 0))];
        _calls = [.. Enumerable.Range(0, stubCount).Select(i => IndexOf($"verdict = {DispatcherNames.Stub(i)}(ctx);", _entry))];
        if (flavour == DispatcherFlavour.Specialised)
        {
            Pass = Find("return XDP_PASS;", _calls[^1]);
            return;
        }

        Enabled = Find($"__u32 enabled = {DispatcherNames.Config}.num_progs_enabled;", _entry);
        CompatGuard = Find("if (enabled <= MAX_SLOTS)", _entry);
        CompatCall = Find($"return {DispatcherNames.CompatTest}(ctx);", _entry);
        CompatStub = Find(StubText(DispatcherNames.CompatTest), 0);
        PassProgram = Find($"int {DispatcherNames.PassProgram}(struct xdp_md *ctx)", _entry);
    }

    /// <summary>The lines of the twin of a spec.</summary>
    public static TwinLines Of(DispatcherSpec spec)
    {
        ref var shape = ref Shapes[(int)spec.Version, (int)spec.Flavour, spec.Slots.Length];
        return shape ??= new TwinLines(
            DispatcherSource.Render(new DispatcherSpec(spec.Version, [.. spec.Slots.Select(_ => Slot.Default)], spec.Flavour)),
            spec.Flavour,
            DispatcherSource.StubCount(spec));
    }

    /// <summary>The head of the entry function.</summary>
    public TwinLine Entry => _lines[_entry];

    /// <summary>The last return of the entry function in the specialised flavour.</summary>
    public TwinLine Pass { get; }

    /// <summary>Where the generic entry function reads how many slots are enabled.</summary>
    public TwinLine Enabled { get; }

    /// <summary>Where the generic entry function ends behind the last slot.</summary>
    public TwinLine CompatGuard { get; }

    /// <summary>The return behind the last slot.</summary>
    public TwinLine CompatGuardReturn => _lines[CompatGuard.Number];

    /// <summary>The call of compat_test.</summary>
    public TwinLine CompatCall { get; }

    /// <summary>The function compat_test.</summary>
    public TwinLine CompatStub { get; }

    /// <summary>The head of the program xdp_pass.</summary>
    public TwinLine PassProgram { get; }

    /// <summary>The stub of a slot.</summary>
    public TwinLine Stub(int slot) => _lines[_stubs[slot]];

    /// <summary>The call of a slot.</summary>
    public TwinLine Call(int slot) => _lines[_calls[slot]];

    /// <summary>The test of a slot's verdict against the config.</summary>
    public TwinLine Test(int slot) => _lines[_calls[slot] + 1];

    /// <summary>The test of a slot's verdict against a policy that is written out.</summary>
    public TwinLine Test(int slot, ChainCallActions actions) =>
        Test(slot) with { Text = $"if (!goes_on(verdict, {DispatcherSource.Hex(actions)}))" };

    /// <summary>The return of a slot's verdict.</summary>
    public TwinLine Return(int slot) => _lines[_calls[slot] + 2];

    /// <summary>The generic flavour's question whether a slot is enabled.</summary>
    public TwinLine Guard(int slot) => _lines[_calls[slot] - 2];

    /// <summary>The return when a slot of the generic flavour is not enabled.</summary>
    public TwinLine GuardReturn(int slot) => _lines[_calls[slot] - 1];

    private static string StubText(string function) => $"REPLACEABLE({function})";

    private TwinLine Find(string text, int from) => _lines[IndexOf(text, from)];

    private int IndexOf(string text, int from)
    {
        for (var i = from; i < _lines.Length; i++)
        {
            if (_lines[i].Text == text)
                return i;
        }

        throw new InvalidOperationException($"The C twin has no line `{text}`; templates/dispatcher.c and Emit/TwinLines.cs belong together.");
    }
}
