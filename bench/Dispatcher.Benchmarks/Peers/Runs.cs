using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>Programs that run to their end, and take as long as they take.</summary>
internal static class Runs
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    extension(ToolRequest request)
    {
        /// <summary>Runs it.</summary>
        /// <exception cref="Xunit.Sdk.XunitException">It did not end with 0; the text has what it wrote.</exception>
        public ToolResult Run() => Tool.Run(request with { Timeout = Patience }).OrFail();

        /// <summary>Runs it, and tells the time from before its start to after its end.</summary>
        public double Milliseconds() => request.Run().Elapsed.TotalMilliseconds;

        /// <summary>Runs it, and tells the time from before its start to after its end, and its processor time, in the kernel as well.</summary>
        public (double Milliseconds, double ProcessorMilliseconds) Cost()
        {
            var before = ChildTime.OfAll();
            var time = request.Milliseconds();
            return (time, (ChildTime.OfAll() - before).TotalMilliseconds);
        }

        /// <summary>Starts it as a process that speaks the line protocol.</summary>
        public LineProcess Start() => new(request.Name, request);
    }
}
