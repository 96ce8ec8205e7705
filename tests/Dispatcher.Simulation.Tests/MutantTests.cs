using Dispatcher.Testing;

namespace Dispatcher.Simulation.Tests;

/// <summary>Bugs that are put into the library on purpose are all found.</summary>
public sealed class MutantTests
{
    [Fact]
    public void Every_bug_that_is_put_in_is_found()
    {
        Need.Tool("dotnet");
        var result = Tool.Run("bash", Repository.PathOf("eng", "mutants"));

        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Figures.Print(result.Output);
        Assert.InRange(result.Output.Split('\n').Count(line => line.StartsWith("| ", StringComparison.Ordinal)), 15, int.MaxValue);
    }
}
