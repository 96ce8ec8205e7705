using Dispatcher.Fuzzing.Coverage;

namespace Dispatcher.Fuzzing;

/// <summary>Starts a session over instrumented readers; see README.md.</summary>
internal static class Program
{
    private const int UsageExitCode = 2;

    private static int Main(string[] arguments)
    {
        if (FuzzOptions.Parse(arguments) is not null)
            return InstrumentedContext.Run(typeof(FuzzSession), nameof(FuzzSession.Run), arguments);
        Console.Error.Write(FuzzOptions.Usage);
        Console.Error.WriteLine($"readers: {string.Join(", ", FuzzTargets.All.Select(target => target.Name))}");
        return UsageExitCode;
    }
}
