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

        /// <summary>Starts it as a process that speaks the line protocol.</summary>
        public LineProcess Start() => new(request.Name, request);
    }
}
