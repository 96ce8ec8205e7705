using System.Collections.Immutable;
using System.Text.Json;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Output;

/// <summary>Slots of a dispatcher config for programs to read.</summary>
internal static class SlotJson
{
    /// <summary>Writes slots as an array property.</summary>
    public static void WriteAll(Utf8JsonWriter writer, string property, ImmutableArray<Slot> slots)
    {
        writer.WriteStartArray(property);
        foreach (var slot in slots)
        {
            writer.WriteStartObject();
            writer.WriteNumber("priority", slot.Priority);
            WriteActions(writer, slot.Actions);
            writer.WriteBoolean("frags", slot.Flags.HasFlag(ProgramFlags.Frags));
            writer.WriteBoolean("deviceBound", slot.Flags.HasFlag(ProgramFlags.DeviceBound));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes actions as an array property of kernel names.</summary>
    public static void WriteActions(Utf8JsonWriter writer, ChainCallActions actions)
    {
        writer.WriteStartArray("actions");
        foreach (var action in actions.ToActions())
            writer.WriteStringValue(action.KernelName());
        writer.WriteEndArray();
    }
}
