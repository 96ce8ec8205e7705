using System.Text.Json;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Objects and loaded programs for programs to read; the schema is in docs/cli.md.</summary>
internal static class InspectJson
{
    /// <summary>Writes an object file, with the text of <see cref="InspectText"/>.</summary>
    public static void Write(Utf8JsonWriter writer, ObjectInspection inspection, string text)
    {
        writer.WriteStartObject();
        writer.WriteString("subject", "object");
        writer.WriteString("machine", inspection.Elf.Machine.DisplayName());
        writer.WriteString("endian", inspection.Elf.IsBigEndian ? "big" : "little");
        writer.WriteStartArray("programs");
        foreach (var program in inspection.Programs)
        {
            writer.WriteStartObject();
            writer.WriteString("name", program.Name);
            writer.WriteString("section", program.Section);
            writer.WriteNumber("instructions", program.InstructionCount);
            var config = program.Config ?? RunConfig.Default;
            writer.WriteBoolean("runConfig", program.Config is not null);
            writer.WriteNumber("priority", config.Priority);
            SlotJson.WriteActions(writer, config.Actions);
            writer.WriteBoolean("frags", program.HasFrags);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("strayRunConfigs");
        foreach (var name in inspection.StrayRunConfigs)
            writer.WriteStringValue(name);
        writer.WriteEndArray();
        WriteDispatcher(writer, inspection.DispatcherVersion, inspection.Config);
        writer.WriteStartArray("sections");
        foreach (var section in inspection.Elf.Sections)
        {
            writer.WriteStartObject();
            writer.WriteString("name", section.Name);
            writer.WriteNumber("size", section.Size);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteString("text", text);
        writer.WriteEndObject();
    }

    /// <summary>Writes a loaded program.</summary>
    public static void Write(Utf8JsonWriter writer, ProgramInspection program)
    {
        writer.WriteStartObject();
        writer.WriteString("subject", "program");
        WriteBody(writer, program);
        writer.WriteEndObject();
    }

    /// <summary>Writes an interface and the program on its hook.</summary>
    public static void Write(Utf8JsonWriter writer, HookStatus hook, ProgramInspection? program)
    {
        writer.WriteStartObject();
        writer.WriteString("subject", "interface");
        writer.WritePropertyName("hook");
        StatusJson.Write(writer, hook);
        if (program is null)
        {
            writer.WriteNull("program");
        }
        else
        {
            writer.WriteStartObject("program");
            WriteBody(writer, program);
            writer.WriteEndObject();
        }

        writer.WriteEndObject();
    }

    private static void WriteBody(Utf8JsonWriter writer, ProgramInspection program)
    {
        writer.WriteNumber("id", program.Id.Value);
        writer.WriteString("type", program.Type);
        writer.WriteString("name", program.Name);
        writer.WriteString("tag", program.Tag.ToString());
        writer.WriteNumber("instructions", program.InstructionCount);
        WriteDispatcher(writer, program.DispatcherVersion, program.Config);
        writer.WriteString("btf", program.Btf.IsEmpty ? null : BtfText.Render(BtfData.Read(program.Btf.Span)));
    }

    private static void WriteDispatcher(Utf8JsonWriter writer, int? version, DispatcherConfig? config)
    {
        if (version is null)
        {
            writer.WriteNull("dispatcher");
            return;
        }

        writer.WriteStartObject("dispatcher");
        writer.WriteNumber("version", version.Value);
        if (config is not null)
        {
            writer.WriteBoolean("frags", config.HasFrags);
            writer.WriteBoolean("deviceBound", config.IsDeviceBound);
            SlotJson.WriteAll(writer, "slots", config.Slots);
        }

        writer.WriteEndObject();
    }
}
