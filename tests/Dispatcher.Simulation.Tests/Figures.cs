namespace Dispatcher.Simulation.Tests;

/// <summary>What a run measured: in the test's output, and in the file that test.sh prints.</summary>
internal static class Figures
{
    /// <summary>Adds a line.</summary>
    public static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("XDP_FIGURES") is { Length: > 0 } path)
            File.AppendAllText(path, line + "\n");
    }
}
