using Dispatcher.Runtime;

namespace Dispatcher.Interop.Actor;

/// <summary>A hook as one line.</summary>
internal static class Listing
{
    /// <summary>Mode, dispatcher, version, and per program priority, name, id, tag and actions.</summary>
    public static string Of(HookStatus status)
    {
        if (status.Foreign is { } foreign)
            return $"error errno=0 text=foreign program {foreign.Id}: {foreign.Reason}";
        if (status.Broken is { } broken)
            return $"error errno=0 text=dispatcher {broken.DispatcherId} without pins of slot {string.Join(' ', broken.LostSlots.Select(lost => lost.Slot))}";
        if (status.Chain is not { } chain)
            return "ok mode=- dispatcher=0 programs=";
        var mode = status.Mode switch { AttachMode.Native => "native", AttachMode.Skb => "skb", AttachMode.Hw => "hw", _ => "-" };
        var programs = chain.Programs.Select(each => $"{each.Priority}:{each.Name}:{each.Id}:{each.Tag}:{each.Actions}");
        return $"ok mode={mode} dispatcher={chain.DispatcherId} version={(int)chain.Version} frags={chain.HasFrags} programs={string.Join(';', programs)}";
    }
}
