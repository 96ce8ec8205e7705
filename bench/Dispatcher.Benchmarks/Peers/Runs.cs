using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>Programs that run to their end, and take as long as they take.</summary>
internal static class Runs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    extension(ToolRequest request)
    {
        /// <summary>Runs it; its own time limit counts when it is more than ten minutes.</summary>
        /// <exception cref="Xunit.Sdk.XunitException">It did not end with 0; the text has what it wrote.</exception>
        public ToolResult Run() => Tool.Run(request.Timeout > Patience ? request : request with { Timeout = Patience }).OrFail();

        /// <summary>Runs it, and tells the time from before its start to after its end.</summary>
        public double Milliseconds() => request.Run().Elapsed.TotalMilliseconds;

        /// <summary>Runs it, and tells the time from before its start to after its end, and its processor time, in the kernel as well.</summary>
        /// <param name="bench">What there is.</param>
        public (double Milliseconds, double ProcessorMilliseconds) Cost(Bench bench)
        {
            var file = Path.Combine(bench.Work, "cost");
            (request with { Name = bench.Native("cost").Name, Arguments = [file, request.Name, .. request.Arguments] }).Run();
            var answer = LineAnswer.Read(File.ReadAllText(file).TrimEnd());
            return (answer.Number("ns") / 1e6, answer.Number("cpu") / 1e6);
        }

        /// <summary>Starts it as a process that speaks the line protocol.</summary>
        public LineProcess Start() => new(request.Name, request);
    }
}
