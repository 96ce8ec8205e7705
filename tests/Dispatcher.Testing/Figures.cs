namespace Dispatcher.Testing;

/// <summary>What a run measured: in the test's output, and in a file that <c>test.sh</c>, <c>eng/storm</c> and <c>eng/conformance</c> print.</summary>
public static class Figures
{
    private static readonly Lock Gate = new();

    /// <summary>Adds a line.</summary>
    public static void Print(string line)
    {
        TestContext.Current.TestOutputHelper?.WriteLine(line);
        if (Environment.GetEnvironmentVariable("XDP_FIGURES") is not { Length: > 0 } path)
            return;
        lock (Gate)
            File.AppendAllText(path, line + "\n");
    }
}
