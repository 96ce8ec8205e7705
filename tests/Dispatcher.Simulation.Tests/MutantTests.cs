using Dispatcher.Simulation.Mutation;
using Dispatcher.Testing;

namespace Dispatcher.Simulation.Tests;

/// <summary>The bugs that <c>eng/mutants</c> puts in, and looks for.</summary>
public sealed class MutantTests
{
    private const int Fewest = 15;

    [Fact]
    public void Every_bug_still_fits_the_source()
    {
        using var folder = new TempFolder();
        var copy = folder.PathOf("src");
        Tool.Run("cp", "-r", Repository.PathOf("src", "Dispatcher.Runtime"), copy).OrFail();

        MutantTree.Write(copy);

        Assert.All(Mutants.All, mutant => Assert.Contains(
            mutant.Edits, edit => File.ReadAllText(Path.Combine(copy, edit.File)).Contains($"Mutant.Is(\"{mutant.Name}\")", StringComparison.Ordinal)));
        Assert.InRange(Mutants.All.Length, Fewest, int.MaxValue);
    }
}
