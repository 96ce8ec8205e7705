using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>What came of every operation by every actor, as a table in Markdown.</summary>
internal sealed class Matrix
{
    /// <summary>In a cell that was not tried.</summary>
    public const string NotTried = "-";

    private readonly List<string> _rows = [];

    /// <summary>Versions of the chains.</summary>
    public static IReadOnlyList<DispatcherVersion> Versions { get; } = [DispatcherVersion.V1, DispatcherVersion.V2, DispatcherVersion.V3];

    /// <summary>Cells of ours that are not as they should be.</summary>
    public List<string> OurFailures { get; } = [];

    /// <summary>Carries out the operations of one row.</summary>
    /// <param name="stage">The hook, empty before and after.</param>
    /// <param name="actor">Who does it.</param>
    /// <param name="version">Version of the chain.</param>
    /// <param name="coreOnly">Only what differs between releases.</param>
    public async Task AddRow(Stage stage, IActor actor, DispatcherVersion version, bool coreOnly)
    {
        var cells = new List<string>();
        foreach (var scenario in Scenarios.All)
        {
            if ((coreOnly && !scenario.IsCore) || version < scenario.Since)
            {
                cells.Add(NotTried);
                continue;
            }

            var outcome = await scenario.Run(stage, actor, version);
            await stage.Clear();
            if (outcome == Scenario.Yes && !stage.Pins.SequenceEqual(["xdp"]))
                outcome = "leaves pins";
            cells.Add(outcome);
            if (actor is OurActor && outcome != Scenario.Yes)
                OurFailures.Add($"{scenario.Name} on version {(int)version}: {outcome}");
        }

        _rows.Add($"| {actor.Name} | {(int)version} | {string.Join(" | ", cells)} |");
    }

    /// <summary>The table.</summary>
    public string Render() => string.Join('\n',
    [
        $"| actor | version | {string.Join(" | ", Scenarios.All.Select(scenario => scenario.Name))} |",
        $"|{string.Concat(Enumerable.Repeat("---|", Scenarios.All.Count + 2))}",
        .. _rows,
    ]) + "\n";
}
