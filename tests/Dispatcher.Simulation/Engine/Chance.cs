namespace Dispatcher.Simulation.Engine;

/// <summary>Chooses by chance, and keeps the choices.</summary>
/// <param name="random">Where chance comes from.</param>
/// <param name="weights">How often what is chosen.</param>
internal sealed class Chance(Random random, ChanceWeights weights) : ISchedule
{
    private readonly List<int> _choices = [];

    /// <summary>For a replay.</summary>
    public IReadOnlyList<int> Choices => _choices;

    /// <inheritdoc/>
    public Step? Choose(Run run, IReadOnlyList<Step> options)
    {
        var choice = Pick(options);
        _choices.Add(choice);
        return options[choice];
    }

    private int Pick(IReadOnlyList<Step> options)
    {
        var going = 0;
        while (going < options.Count && !options[going].Disturbs)
            going++;
        if (going < options.Count && random.NextDouble() < weights.Disturb)
        {
            var index = going + random.Next(options.Count - going);
            if (options[index].Kind != StepKind.Crash || random.NextDouble() < weights.Crash)
                return index;
        }

        return going > 1 && random.NextDouble() < weights.Switch ? random.Next(going) : 0;
    }
}

/// <summary>Probabilities at one decision, drawn anew for each run: some runs are quiet, some wild.</summary>
/// <param name="Switch">That somebody else may go on.</param>
/// <param name="Disturb">That a call fails or a process dies, while some of that is still to be had.</param>
/// <param name="Crash">That a death that was drawn happens.</param>
internal readonly record struct ChanceWeights(double Switch, double Disturb, double Crash)
{
    /// <summary>Draws them.</summary>
    public static ChanceWeights Draw(Random random) => new(
        new[] { 0.02, 0.1, 0.3, 0.7 }[random.Next(4)],
        new[] { 0, 0.002, 0.01, 0.05 }[random.Next(4)],
        new[] { 0.1, 0.5, 1 }[random.Next(3)]);
}
