using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Reports;

/// <summary>Everything that a run found. As JSON this is what <c>--json</c> writes, names in camel case.</summary>
/// <param name="Machine">Where it ran.</param>
/// <param name="Rows">In the order of the table.</param>
/// <param name="Notes">Below it.</param>
internal sealed record Report(Machine Machine, ImmutableArray<Row> Rows, ImmutableArray<Note> Notes)
{
    /// <summary>What runs in several places found, joined; the machine is that of the first.</summary>
    public static Report Join(IReadOnlyList<Report> parts) => new(
        parts[0].Machine with { VmKernel = parts.Select(part => part.Machine.VmKernel).FirstOrDefault(kernel => kernel is not null) },
        [.. parts.SelectMany(part => part.Rows)],
        [.. parts.SelectMany(part => part.Notes)]);

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    public static Report Read(string path) => JsonSerializer.Deserialize(File.ReadAllBytes(path), ReportJson.Default.Report)!;

    /// <summary>Writes it as JSON.</summary>
    public void Write(string path) => File.WriteAllText(path, JsonSerializer.Serialize(this, ReportJson.Default.Report) + "\n");
}

/// <summary>Where figures come from.</summary>
/// <param name="Processor">Its name.</param>
/// <param name="Processors">How many there are.</param>
/// <param name="Kernel">Release of the kernel that ran the sections that say "this machine's kernel".</param>
/// <param name="VmKernel">Release of the kernel of the VM; null when nothing ran there.</param>
/// <param name="Commit">Of this repository.</param>
/// <param name="IsQuick">Few rounds.</param>
internal sealed record Machine(string Processor, int Processors, string Kernel, string? VmKernel, string Commit, bool IsQuick)
{
    /// <summary>Looks around.</summary>
    /// <param name="commit">Of this repository.</param>
    /// <param name="isQuick">Few rounds.</param>
    /// <param name="isVm">Whether this is the VM.</param>
    public static Machine Here(string commit, bool isQuick, bool isVm)
    {
        var processor = File.ReadLines("/proc/cpuinfo").FirstOrDefault(line => line.StartsWith("model name", StringComparison.Ordinal));
        var kernel = File.ReadAllText("/proc/sys/kernel/osrelease").Trim();
        return new Machine(processor?.Split(':')[1].Trim() ?? "unknown", Environment.ProcessorCount, kernel, isVm ? kernel : null, commit, isQuick);
    }

    /// <summary>One sentence.</summary>
    public override string ToString() =>
        $"{Processors} x {Processor}, Linux {Kernel}"
        + (VmKernel is null ? "" : VmKernel == Kernel ? " (in the VM, an instruction a nanosecond)" : $"; in the VM, an instruction a nanosecond, Linux {VmKernel}")
        + $"; commit {Commit}{(IsQuick ? "; --quick, so few rounds" : "")}";
}

/// <summary>How a report is written as JSON.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Report))]
internal sealed partial class ReportJson : JsonSerializerContext;
