using System.Text.Json;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Hooks for programs to read; the schema is in docs/cli.md.</summary>
internal static class StatusJson
{
    /// <summary>Writes the array of <c>status --json</c>.</summary>
    public static void WriteAll(Utf8JsonWriter writer, IReadOnlyList<HookStatus> hooks)
    {
        writer.WriteStartArray();
        foreach (var hook in hooks)
            Write(writer, hook);
        writer.WriteEndArray();
    }

    /// <summary>Writes one hook as an object.</summary>
    public static void Write(Utf8JsonWriter writer, HookStatus hook)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", hook.InterfaceName);
        writer.WriteNumber("ifindex", hook.InterfaceIndex);
        if (hook.Mode is { } mode)
            writer.WriteString("mode", ModeNames.Of(mode));
        else
            writer.WriteNull("mode");
        if (hook.Foreign is { } foreign)
            WriteForeign(writer, foreign);
        else if (hook.Broken is { } broken)
            WriteBroken(writer, broken);
        else
            WriteChain(writer, hook.Chain);
        writer.WriteEndObject();
    }

    /// <summary>Writes components as an array property.</summary>
    public static void WritePrograms(Utf8JsonWriter writer, string property, IEnumerable<ComponentStatus> programs)
    {
        writer.WriteStartArray(property);
        foreach (var program in programs)
        {
            writer.WriteStartObject();
            writer.WriteNumber("slot", program.Slot);
            writer.WriteNumber("id", program.Id.Value);
            writer.WriteString("name", program.Name);
            writer.WriteString("tag", program.Tag.ToString());
            writer.WriteNumber("priority", program.Priority);
            SlotJson.WriteActions(writer, program.Actions);
            writer.WriteBoolean("frags", program.HasFrags);
            writer.WriteBoolean("deviceBound", program.IsDeviceBound);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    /// <summary>Writes slots whose component is not to be found as an array property.</summary>
    public static void WriteLost(Utf8JsonWriter writer, string property, IEnumerable<LostSlot> slots)
    {
        writer.WriteStartArray(property);
        foreach (var lost in slots)
        {
            writer.WriteStartObject();
            writer.WriteNumber("slot", lost.Slot);
            writer.WriteNumber("priority", lost.Priority);
            SlotJson.WriteActions(writer, lost.Actions);
            if (lost.IsAlive is { } isAlive)
                writer.WriteBoolean("alive", isAlive);
            else
                writer.WriteNull("alive");
            if (lost.PinnedForIndex is { } index)
                writer.WriteNumber("pinnedForIndex", index);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteBroken(Utf8JsonWriter writer, BrokenChain broken)
    {
        writer.WriteStartObject("broken");
        writer.WriteNumber("id", broken.DispatcherId.Value);
        writer.WriteNumber("version", (int)broken.Version);
        if (broken.MissingBpfFs is { } path)
            writer.WriteString("missingBpfFs", path);
        WritePrograms(writer, "programs", broken.Programs);
        WriteLost(writer, "lost", broken.LostSlots);
        writer.WriteEndObject();
    }

    private static void WriteFragsPreventedBy(Utf8JsonWriter writer, ChainStatus chain)
    {
        writer.WriteStartArray("fragsPreventedBy");
        foreach (var program in chain.FragsPreventedBy)
            writer.WriteNumberValue(program.Id.Value);
        writer.WriteEndArray();
    }

    /// <summary>Writes what is not ours as a property.</summary>
    public static void WriteForeign(Utf8JsonWriter writer, ForeignProgram foreign)
    {
        writer.WriteStartObject("foreign");
        writer.WriteNumber("id", foreign.Id.Value);
        writer.WriteString("name", foreign.Name);
        writer.WriteString("reason", foreign.Reason);
        if (foreign.Holder is { } holder)
            WriteHolder(writer, holder);
        writer.WriteEndObject();
    }

    private static void WriteHolder(Utf8JsonWriter writer, ForeignHolder holder)
    {
        writer.WriteString("attachedBy", JsonNamingPolicy.KebabCaseLower.ConvertName(holder.Attachment.ToString()));
        if (holder.Link is { } link)
            writer.WriteNumber("linkId", link.Value);
        else
            writer.WriteNull("linkId");
        WriteTexts(writer, "pins", holder.Pins);
        writer.WriteStartArray("processes");
        foreach (var process in holder.Processes)
        {
            writer.WriteStartObject();
            writer.WriteNumber("pid", process.Id);
            writer.WriteString("command", process.Command);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTexts(writer, "advice", holder.Advice);
    }

    private static void WriteTexts(Utf8JsonWriter writer, string property, IEnumerable<string> texts)
    {
        writer.WriteStartArray(property);
        foreach (var text in texts)
            writer.WriteStringValue(text);
        writer.WriteEndArray();
    }

    private static void WriteChain(Utf8JsonWriter writer, ChainStatus? chain)
    {
        if (chain is null)
        {
            writer.WriteNull("dispatcher");
        }
        else
        {
            writer.WriteStartObject("dispatcher");
            writer.WriteNumber("id", chain.DispatcherId.Value);
            writer.WriteNumber("version", (int)chain.Version);
            writer.WriteBoolean("frags", chain.HasFrags);
            if (chain.IsFragsDowngraded)
                WriteFragsPreventedBy(writer, chain);
            writer.WriteString("tag", chain.Tag.ToString());
            writer.WriteEndObject();
        }

        WritePrograms(writer, "programs", chain is null ? [] : chain.Programs);
    }
}
