using Dispatcher.Compiler.Model;

namespace Dispatcher.Kernel.Tests.Generated;

/// <summary>Specs that between them use every version, flavour, number of slots and kind of policy.</summary>
internal static class GeneratedSpecs
{
    /// <summary>Policies of five bits, cycling so that neighbours differ.</summary>
    public static DispatcherSpec Of(DispatcherVersion version, DispatcherFlavour flavour, int slotCount, ProgramFlags flags = ProgramFlags.None) =>
        new(version, [.. Enumerable.Range(0, slotCount).Select(i => new Slot((uint)(10 * i), new ChainCallActions((uint)(4 + 11 * i) & 31), flags))], flavour);

    /// <summary>All versions and flavours with 1 to 10 slots.</summary>
    public static TheoryData<DispatcherVersion, DispatcherFlavour, int> All()
    {
        var data = new TheoryData<DispatcherVersion, DispatcherFlavour, int>();
        foreach (var version in Enum.GetValues<DispatcherVersion>())
        {
            foreach (var flavour in Enum.GetValues<DispatcherFlavour>())
            {
                for (var slotCount = 1; slotCount <= DispatcherLimits.MaxSlots; slotCount++)
                    data.Add(version, flavour, slotCount);
            }
        }

        return data;
    }
}
