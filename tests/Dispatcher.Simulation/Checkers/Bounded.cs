using Dispatcher.Runtime;

namespace Dispatcher.Simulation.Checkers;

/// <summary>Everybody comes to an end, within the deadline and without trying for ever.</summary>
internal sealed class Bounded : ICheck
{
    private static readonly TimeSpan Longest = new XdpDispatcherOptions().Deadline * 1.1;

    public void AtEnd(Stage stage)
    {
        foreach (var deed in stage.Ledger.Deeds.Where(deed => deed.IsOurs && deed.Ended is not null))
        {
            // Each interface of a batch has its own deadline, and so has what is put back.
            if (deed.Ended - deed.Began > Longest * (deed.Batch is null ? 1 : 2 * deed.Batch.Each.Length))
                throw new ViolationException($"'{deed.Intent}' of {deed.Strand.Name} took {deed.Ended - deed.Began}");
            // Each lost attempt needs somebody who changed the hook, and one reader may be crossed twice by one change.
            var attempts = (deed.Result as ChangeResult)?.Attempts ?? (deed.Error as ContentionException)?.Attempts ?? 1;
            var most = 1 + (2 * (deed.Seen.Count + Disturbers(stage))) + deed.Faults;
            if (attempts > most)
                throw new ViolationException($"'{deed.Intent}' of {deed.Strand.Name} took {attempts} attempts over {deed.Seen.Count} changes of others");
        }
    }

    // A rival's pins without a swap disturb a reader too.
    private static int Disturbers(Stage stage) => stage.Scenario.Cast.Count(role => role.Part != Part.Ours);
}
