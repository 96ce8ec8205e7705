using System.Globalization;
using System.Text;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Objects and loaded programs as text made for snapshots: the same input gives the same text.</summary>
internal static class InspectText
{
    /// <summary>An object file: programs, dispatcher, code, sections and symbols, types.</summary>
    /// <param name="inspection">The object.</param>
    /// <param name="withContents">Adds the bytes of every section.</param>
    public static string Render(ObjectInspection inspection, bool withContents)
    {
        var text = new StringBuilder();
        text.Append("== programs ==\n");
        foreach (var program in inspection.Programs)
        {
            text.Append(CultureInfo.InvariantCulture, $"{Printable.Escape(program.Name)}: section {Printable.Escape(program.Section)}, ");
            text.Append(CultureInfo.InvariantCulture, $"{Counted.Of(program.InstructionCount, "instruction")}, {Describe(program.Config)}\n");
        }

        if (inspection.Btf is null)
            text.Append("no BTF, which every component program needs: compile it with clang -g\n");
        foreach (var name in inspection.StrayRunConfigs)
            text.Append(CultureInfo.InvariantCulture, $"run config for {Printable.Escape(name)}, which is no function of this object\n");

        AppendDispatcher(text, inspection.DispatcherVersion, inspection.Config);
        var code = new ObjectCode(inspection.Elf);
        foreach (var section in inspection.Elf.Sections.Where(s => s.Flags.HasFlag(ElfSectionFlags.Executable) && s.Data.Length > 0))
        {
            text.Append(CultureInfo.InvariantCulture, $"\n== code in {Printable.Escape(section.Name)} ==\n");
            text.Append(BpfListing.Render(code.Read(section)));
        }

        text.Append("\n== object ==\n").Append(ElfText.Render(inspection.Elf, withContents));
        AppendTypes(text, inspection.Btf);
        return text.ToString();
    }

    /// <summary>A loaded program: what it is, dispatcher, types.</summary>
    /// <param name="program">The program.</param>
    /// <param name="withTypes">Writes the types out rather than how many they are.</param>
    public static string Render(ProgramInspection program, bool withTypes)
    {
        var text = new StringBuilder();
        text.Append("== program ==\n");
        text.Append(CultureInfo.InvariantCulture, $"id {program.Id}, type {Printable.Escape(program.Type)}, name {Printable.Escape(program.Name)}, ");
        text.Append(CultureInfo.InvariantCulture, $"tag {program.Tag}, {Counted.Of(program.InstructionCount, "instruction")}\n");
        AppendDispatcher(text, program.DispatcherVersion, program.Config);
        var btf = program.Btf.IsEmpty ? null : BtfData.Read(program.Btf.Span);
        if (withTypes || btf is null)
            AppendTypes(text, btf);
        else
            text.Append(CultureInfo.InvariantCulture, $"\n{Counted.Of(btf.Types.Length, "type")} of BTF; -v prints them\n");
        return text.ToString();
    }

    private static string Describe(RunConfig? config) => config is null
        ? "no run config"
        : string.Create(CultureInfo.InvariantCulture, $"priority {config.Priority}, {StatusText.Policy(config.Actions)}");

    private static void AppendDispatcher(StringBuilder text, int? version, DispatcherConfig? config)
    {
        if (version is null)
            return;
        text.Append(CultureInfo.InvariantCulture, $"\n== dispatcher ==\nprotocol version {version}");
        if (config is null)
        {
            text.Append(", no config that can be read\n");
            return;
        }

        text.Append(config.HasFrags ? ", frags" : "").Append(config.IsDeviceBound ? ", device-bound" : "");
        text.Append(config.Slots.IsEmpty ? ", no slots filled\n" : "\n");
        for (var i = 0; i < config.Slots.Length; i++)
        {
            var slot = config.Slots[i];
            text.Append(CultureInfo.InvariantCulture, $"slot {i}: priority {slot.Priority}, {StatusText.Policy(slot.Actions)}");
            text.Append(slot.Flags == ProgramFlags.None ? "\n" : string.Create(CultureInfo.InvariantCulture, $", flags 0x{(uint)slot.Flags:x}\n"));
        }
    }

    private static void AppendTypes(StringBuilder text, BtfData? btf) =>
        text.Append("\n== types ==\n").Append(btf is null ? "none\n" : BtfText.Render(btf));
}
