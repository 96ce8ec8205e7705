namespace Dispatcher.Compiler.Model;

/// <summary>What each version of the protocol can say.</summary>
public static class DispatcherVersions
{
    /// <summary>The program flags that a config of this version has no place for.</summary>
    /// <remarks>Version 1 has no program_flags; version 2 has them, but not the byte that binds the dispatcher itself to a device.</remarks>
    public static ProgramFlags FlagsBeyond(this DispatcherVersion version) => version switch
    {
        DispatcherVersion.V1 => (ProgramFlags)(-1),
        DispatcherVersion.V2 => ProgramFlags.DeviceBound,
        _ => ProgramFlags.None,
    };

    /// <summary>The version of a dispatcher for which nobody asked for one: 2, or 3 with a device-bound slot.</summary>
    /// <remarks>Never 1: what wrote it is older than every peer that is still maintained.</remarks>
    public static DispatcherVersion LowestFor(IEnumerable<Slot> slots)
    {
        ArgumentNullException.ThrowIfNull(slots);
        return slots.Any(slot => (slot.Flags & DispatcherVersion.V2.FlagsBeyond()) != 0) ? DispatcherVersion.V3 : DispatcherVersion.V2;
    }
}
