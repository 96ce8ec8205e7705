using System.Diagnostics.CodeAnalysis;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Commands;

/// <summary>Reads a slot as <c>emit --slot</c> takes it: <c>prio=10,actions=XDP_PASS+XDP_TX,frags</c>.</summary>
internal static class SlotSyntax
{
    /// <summary>What the option takes, for messages.</summary>
    public const string Expected = "prio=NUMBER (0 to 4294967295), actions=XDP_PASS+XDP_TX (or none), frags and devbound, each at most once, apart by commas";

    /// <summary>Reads one slot; what is left out is as in a component without run config.</summary>
    public static bool TryParse(string text, [MaybeNullWhen(false)] out Slot slot)
    {
        slot = Slot.Default;
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var part in text.Split(','))
        {
            var (key, value) = Divide(part);
            if (!seen.Add(key) || Apply(slot, key, value) is not { } changed)
            {
                slot = null;
                return false;
            }

            slot = changed;
        }

        return true;
    }

    private static (string Key, string? Value) Divide(string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        return equals < 0 ? (part, null) : (part[..equals], part[(equals + 1)..]);
    }

    private static Slot? Apply(Slot slot, string key, string? value) => (key, value) switch
    {
        ("prio", { } number) when ValueParser.TryParseNumber(number, out var priority) => slot with { Priority = priority },
        ("actions", { } list) when ChainCallActions.TryParse(list, out var actions) => slot with { Actions = actions },
        ("frags", null) => slot with { Flags = slot.Flags | ProgramFlags.Frags },
        ("devbound", null) => slot with { Flags = slot.Flags | ProgramFlags.DeviceBound },
        _ => null,
    };
}
