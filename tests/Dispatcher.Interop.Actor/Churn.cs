using System.Diagnostics;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Actor;

/// <summary>Attaches and detaches one component without pause, looks at nothing else, and counts.</summary>
/// <param name="dispatcher">The library.</param>
/// <param name="interfaceName">Where.</param>
/// <param name="objectPath">What is attached, read anew each time.</param>
internal sealed class Churn(XdpDispatcher dispatcher, string interfaceName, string objectPath)
{
    private static readonly TimeSpan PauseAfterFailure = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan Grace = TimeSpan.FromSeconds(5);

    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private readonly SortedDictionary<string, int> _errors = new(StringComparer.Ordinal);
    private int _changes;
    private int _attempts;
    private int _full;
    private TimeSpan _longest;

    /// <summary>Goes on for a while; what it attached it detaches, at the latest some seconds after that.</summary>
    /// <returns>The answer of the line protocol.</returns>
    public async Task<string> RunAsync(TimeSpan duration)
    {
        while (_clock.Elapsed < duration)
        {
            var added = await TryAsync(() => dispatcher.AttachAsync(interfaceName, [ComponentProgram.FromElfFile(objectPath)]));
            while (added is not null && _clock.Elapsed < duration + Grace)
            {
                if (await TryAsync(() => dispatcher.DetachAsync(interfaceName, ComponentSelection.ById(added.Programs[0].Id))) is not null)
                    break;
            }
        }

        return $"ok changes={_changes} attempts={_attempts} full={_full} longest={_longest.TotalNanoseconds:0} ns={_clock.Elapsed.TotalNanoseconds:0}"
            + $" errors={string.Join(',', _errors.Select(each => $"{each.Key}:{each.Value}"))}";
    }

    private async Task<ChangeResult?> TryAsync(Func<Task<ChangeResult>> step)
    {
        var start = _clock.Elapsed;
        try
        {
            var change = await step();
            var time = _clock.Elapsed - start;
            _longest = time > _longest ? time : _longest;
            _changes++;
            _attempts += change.Attempts;
            return change;
        }
        catch (RefusedException)
        {
            // All components are alike, so the chain is full.
            _full++;
        }
        catch (DispatcherException failure)
        {
            var name = failure is KernelException kernel ? $"{kernel.Errno}" : failure.GetType().Name;
            _errors[name] = _errors.GetValueOrDefault(name) + 1;
        }

        await Task.Delay(PauseAfterFailure);
        return null;
    }
}
