using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>Names that every dispatcher of the protocol carries; readers of a chain look for them.</summary>
public static class DispatcherNames
{
    /// <summary>The entry function, and the name of the program in the kernel.</summary>
    public const string Entry = "xdp_dispatcher";

    /// <summary>A replaceable function of the generic flavour that no slot uses.</summary>
    public const string CompatTest = "compat_test";

    /// <summary>A program of its own in the object of the generic flavour; libxdp tries out with it what the kernel can do.</summary>
    public const string PassProgram = "xdp_pass";

    /// <summary>The variable that holds the config.</summary>
    public const string Config = "conf";

    /// <summary>The section of the config; loaders make a map of it.</summary>
    public const string ConfigSection = ".rodata";

    /// <summary>The license that the kernel is told.</summary>
    public const string License = "Dual BSD/GPL";

    private static readonly ImmutableArray<string> Stubs = [.. Enumerable.Range(0, DispatcherLimits.MaxSlots).Select(i => $"prog{i}")];

    /// <summary>The stub function of a slot: <c>prog0</c> to <c>prog9</c>.</summary>
    /// <param name="slot">0 to 9.</param>
    public static string Stub(int slot)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(slot);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(slot, DispatcherLimits.MaxSlots);
        return Stubs[slot];
    }
}
