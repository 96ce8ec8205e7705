using System.Globalization;
using System.Text;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>A generated dispatcher as text: its policy as comments, then the instructions.</summary>
public static class DispatcherListing
{
    /// <summary>The text, lines end with LF; the same dispatcher gives the same text.</summary>
    /// <param name="dispatcher">What to show.</param>
    public static string Render(DispatcherObject dispatcher)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        var spec = dispatcher.Spec;
        var text = new StringBuilder();
        var flavour = spec.Flavour == DispatcherFlavour.Generic ? "generic" : "specialised";
        text.Append(
            CultureInfo.InvariantCulture,
            $"; XDP dispatcher, protocol version {(int)spec.Version}, {flavour}, {dispatcher.Instructions.Length} instructions\n");
        if (spec.HasFrags)
            text.Append("; takes packets in several buffers (frags)\n");
        if (spec.IsDeviceBound)
            text.Append("; bound to one device\n");
        for (var i = 0; i < spec.Slots.Length; i++)
        {
            var slot = spec.Slots[i];
            text.Append(CultureInfo.InvariantCulture, $"; slot {i}: priority {slot.Priority}, goes on after {slot.Actions}");
            if (slot.Flags != ProgramFlags.None)
                text.Append(CultureInfo.InvariantCulture, $", {slot.Flags}");
            text.Append('\n');
        }

        return text.Append('\n').Append(BpfListing.Render(dispatcher.Program)).ToString();
    }
}
