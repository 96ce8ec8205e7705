using System.Diagnostics;
using Dispatcher.Runtime;

namespace Dispatcher.Samples.Traffic;

/// <summary>Adds a program to a chain that others own, and removes it again, many times.</summary>
internal static class ChainSwapper
{
    public static async Task<SwapReport> RunAsync(SwapRequest request, CancellationToken stop)
    {
        var dispatcher = XdpDispatcher.Open();
        // Name, priority and chain call actions come from the object itself; each attach loads it anew.
        var program = ComponentProgram.FromElfFile(request.ObjectPath);

        var before = await dispatcher.GetStatusAsync(request.InterfaceName, stop);
        var after = before;
        var changesMs = new List<double>(2 * request.Times);
        var attempts = 0;
        var clock = Stopwatch.StartNew();

        for (var round = 1; round <= request.Times; round++)
        {
            var attached = await TimedAsync(() => dispatcher.AttachAsync(request.InterfaceName, [program], cancellationToken: stop));
            if (round == 1)
                Console.Error.WriteLine($"chain with it: {string.Join(" -> ", ChainReport.Of(attached.After).Programs.Select(each => each.Name))}");

            // By id, not by name: somebody else may have a program of the same name in the chain.
            var own = ComponentSelection.ById(attached.Programs[0].Id);
            var detached = await TimedAsync(() => dispatcher.DetachAsync(request.InterfaceName, own, stop));
            after = detached.After;

            if (round % Math.Max(1, request.Times / 4) == 0)
                Console.Error.WriteLine($"{round,5} of {request.Times} times, {clock.Elapsed.TotalSeconds,5:0.0} s");
        }

        return new SwapReport(
            request.InterfaceName, program.Name, request.Times, attempts, clock.Elapsed.TotalSeconds,
            Milliseconds.Of(changesMs), ChainReport.Of(before), ChainReport.Of(after));

        async Task<ChangeResult> TimedAsync(Func<Task<ChangeResult>> change)
        {
            var start = Stopwatch.GetTimestamp();
            var result = await change();
            changesMs.Add(Stopwatch.GetElapsedTime(start).TotalMilliseconds);
            attempts += result.Attempts;
            return result;
        }
    }
}
