namespace Dispatcher.Runtime.Planning;

/// <summary>What keeps device-bound programs out of a chain: all of it is bound to the device or nothing is, and skb mode takes none.</summary>
internal static class DeviceBinding
{
    /// <summary>Says why a chain cannot be.</summary>
    /// <param name="components">All of the chain, as they are named to people, with whether each is device-bound.</param>
    /// <param name="mode">Mode of the hook, as far as it is known.</param>
    /// <returns>Null: nothing is known against it.</returns>
    public static RefusedException? Refuse(IEnumerable<(string Name, bool IsBound)> components, AttachMode mode)
    {
        var byBinding = components.ToLookup(component => component.IsBound, component => component.Name);
        if (!byBinding[true].Any())
            return null;
        var bound = $"{string.Join(", ", byBinding[true])} {(byBinding[true].Skip(1).Any() ? "are" : "is")} device-bound";
        if (byBinding[false].Any())
        {
            return new RefusedException(
                $"A chain is bound to its device as a whole or not at all: {bound}, {string.Join(", ", byBinding[false])} {(byBinding[false].Skip(1).Any() ? "are" : "is")} not. "
                + "Nothing was changed; load all of them device-bound (Linux 6.3 or later, and a driver that can) or none, after unloading those in the chain that do not fit.");
        }

        return mode == AttachMode.Skb
            ? new RefusedException($"Device-bound programs do not run in skb mode, and {bound}. Nothing was changed; use native mode, or load without device binding.")
            : null;
    }
}
