using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using Dispatcher.Runtime;

namespace Dispatcher.Samples.Traffic;

/// <summary>What was sent.</summary>
internal sealed record SendReport(long Sent, double Seconds, ImmutableArray<PortReport> Ports);

/// <summary>Packets sent to one UDP port.</summary>
internal sealed record PortReport(int Port, long Sent);

/// <summary>What the swaps did: two changes each, as many attempts when nobody interfered.</summary>
internal sealed record SwapReport(
    string Interface, string Program, int Swaps, int Attempts, double Seconds, Milliseconds PerChange, ChainReport Before, ChainReport After);

/// <summary>How long the changes took.</summary>
internal sealed record Milliseconds(double Median, double P95, double Max)
{
    public static Milliseconds Of(IReadOnlyCollection<double> values)
    {
        var sorted = values.Order().ToArray();
        return new(Rank(0.5), Rank(0.95), Rank(1));

        double Rank(double part) => Math.Round(sorted[Math.Min(sorted.Length - 1, (int)(part * sorted.Length))], 1);
    }
}

/// <summary>The chain of an interface; dispatcher null when there is none.</summary>
internal sealed record ChainReport(uint? Dispatcher, ImmutableArray<ComponentReport> Programs)
{
    public static ChainReport Of(HookStatus status) => status.Chain is { } chain
        ? new(chain.DispatcherId.Value, [.. chain.Programs.Select(program => new ComponentReport(program.Slot, program.Id.Value, program.Name))])
        : new(null, []);
}

/// <summary>One program of a chain.</summary>
internal sealed record ComponentReport(int Slot, uint Id, string Name);

/// <summary>Serialisers made at compile time: the sample runs trimmed.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(SendReport))]
[JsonSerializable(typeof(SwapReport))]
internal sealed partial class ReportJson : JsonSerializerContext;
