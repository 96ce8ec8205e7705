using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>The answer of a call as text: all that the caller learns from it.</summary>
internal static class Answers
{
    /// <summary>Equal for answers that no caller can tell apart.</summary>
    public static string Describe(object? answer) => answer switch
    {
        null => "-",
        string text => text,
        KernelFd { Handle: SimHandle handle } => handle.Object.ToString()!,
        byte[] bytes => Convert.ToHexString(bytes.AsSpan(0, Math.Min(bytes.Length, 256))),
        ImmutableArray<string> names => string.Join(' ', names),
        ImmutableArray<InterfaceReading> readings => string.Join(';', readings.Select(Describe)),
        InterfaceReading reading => Describe(reading),
        ProgramInfo info => $"{info.Id} {info.LoadTimeNs} {string.Join(' ', info.MapIds)}",
        HolderReading holders => string.Join(';', holders.Holders.Select(Describe)),
        NamespaceReading spaces => string.Join(';', spaces.Namespaces.SelectMany(space => space.Interfaces).Select(Describe)),
        IFormattable value => value.ToString(null, CultureInfo.InvariantCulture),
        _ => answer.ToString() ?? "",
    };

    private static string Describe(InterfaceReading reading) =>
        $"{reading.Index} {reading.Name} {reading.Mtu} {string.Join(' ', reading.Attached)}";

    private static string Describe(ObjectHolder holder) =>
        $"{holder.ProcessId} {string.Join(' ', holder.Programs)} {string.Join(' ', holder.Links)}";
}
