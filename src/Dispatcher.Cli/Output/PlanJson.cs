using System.Text.Json;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>What a change would do, for programs to read; the schema is in docs/cli.md.</summary>
internal static class PlanJson
{
    /// <summary>Writes the answer to <c>--dry-run --json</c>.</summary>
    public static void Write(CliConsole console, ChangePreview preview) => JsonAnswer.Write(console, writer => Write(writer, preview));

    /// <summary>The same for several interfaces, in the shape of a change of several.</summary>
    public static void Write(CliConsole console, IReadOnlyList<InterfacePlan> plans) => JsonAnswer.Write(console, writer =>
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ok", plans.All(plan => plan.Refusal is null));
        writer.WriteStartArray("interfaces");
        foreach (var plan in plans)
            Write(writer, plan);
        writer.WriteEndArray();
        writer.WriteEndObject();
    });

    private static void Write(Utf8JsonWriter writer, InterfacePlan plan)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", plan.InterfaceName);
        writer.WriteString("outcome", plan.Preview switch { null => "refused", { ChangesNothing: true } => "unchanged", _ => "would-change" });
        if (plan.Preview is { } preview)
        {
            writer.WritePropertyName("change");
            Write(writer, preview);
        }

        if (plan.Refusal is { } refusal)
            BatchOutput.WriteError(writer, refusal);
        writer.WriteEndObject();
    }

    private static void Write(Utf8JsonWriter writer, ChangePreview preview)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", preview.Before.InterfaceName);
        writer.WriteBoolean("dryRun", true);
        writer.WriteBoolean("changesNothing", preview.ChangesNothing);
        StatusJson.WritePrograms(writer, ChangeOutput.Removed, PlanOutput.Leaving(preview));
        ChangeOutput.WriteNotes(writer, preview.Notes);
        writer.WritePropertyName("before");
        StatusJson.Write(writer, preview.Before);
        writer.WritePropertyName("after");
        WriteAfter(writer, preview);
        writer.WriteEndObject();
    }

    // A hook as status tells it, without what only a loaded dispatcher has: its id and tag.
    private static void WriteAfter(Utf8JsonWriter writer, ChangePreview preview)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", preview.Before.InterfaceName);
        writer.WriteNumber("ifindex", preview.Before.InterfaceIndex);
        if (preview.After is { } chain)
        {
            writer.WriteString("mode", ModeNames.Of(chain.Mode));
            writer.WriteStartObject("dispatcher");
            writer.WriteNumber("version", (int)chain.Version);
            writer.WriteBoolean("frags", chain.HasFrags);
            writer.WriteEndObject();
        }
        else
        {
            writer.WriteNull("mode");
            writer.WriteNull("dispatcher");
        }

        writer.WriteStartArray("programs");
        foreach (var program in preview.After?.Programs ?? [])
            WriteProgram(writer, preview.After!, program);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteProgram(Utf8JsonWriter writer, PlannedChain chain, PlannedProgram program)
    {
        writer.WriteStartObject();
        writer.WriteNumber("slot", program.Slot);
        WriteNumberOrNull(writer, "slotBefore", program.SlotBefore);
        WriteNumberOrNull(writer, "id", program.Id?.Value);
        writer.WriteString("name", program.Name);
        writer.WriteString("tag", program.Tag.ToString());
        writer.WriteNumber("priority", program.Priority);
        SlotJson.WriteActions(writer, program.Actions);
        writer.WriteBoolean("frags", program.HasFrags);
        writer.WriteBoolean("deviceBound", program.IsDeviceBound);
        if (program.FollowsBy is { } rule)
            writer.WriteString("followsBy", JsonAnswer.NameOf(rule));
        else
            writer.WriteNull("followsBy");
        writer.WriteStartObject("verdicts");
        foreach (var returned in XdpActionNames.All)
            writer.WriteString(returned.KernelName(), chain.VerdictAfter(program.Slot, returned)?.KernelName() ?? "next");
        writer.WriteEndObject();
        writer.WriteEndObject();
    }

    private static void WriteNumberOrNull(Utf8JsonWriter writer, string property, long? number)
    {
        if (number is { } value)
            writer.WriteNumber(property, value);
        else
            writer.WriteNull(property);
    }
}
