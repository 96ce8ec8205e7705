using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>Labels of the entry function, made once.</summary>
internal static class EntryLabels
{
    /// <summary>Before the return of XDP_PASS.</summary>
    public const string Pass = "pass";

    /// <summary>Before the return of what a slot returned.</summary>
    public const string Out = "out";

    // One place more than there are slots: behind the last one.
    private static readonly ImmutableArray<string> Slots = Names("slot");
    private static readonly ImmutableArray<string> Calls = Names("call");
    private static readonly ImmutableArray<string> Rares = Names("rare");

    /// <summary>Where a slot begins.</summary>
    public static string Slot(int index) => Slots[index];

    /// <summary>The call of a slot, behind the question whether it is enabled.</summary>
    public static string Call(int index) => Calls[index];

    /// <summary>The tests for verdicts that are not the common one.</summary>
    public static string Rare(int index) => Rares[index];

    private static ImmutableArray<string> Names(string kind) => [.. Enumerable.Range(0, DispatcherLimits.MaxSlots + 1).Select(i => $"{kind}{i}")];
}
