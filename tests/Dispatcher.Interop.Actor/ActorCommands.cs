using System.Diagnostics;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Actor;

/// <summary>The commands of the line protocol, carried out by the library as an application calls it.</summary>
/// <remarks>README.md of Dispatcher.Interop.Tests has the protocol.</remarks>
internal sealed class ActorCommands
{
    private readonly XdpDispatcher _dispatcher = XdpDispatcher.Open();
    private DispatcherVersion? _protocol;

    /// <summary>Carries out one command.</summary>
    /// <returns>The answer, one line.</returns>
    public async Task<string> CarryOutAsync(string[] words)
    {
        try
        {
            return words switch
            {
                ["at", var nanoseconds, .. var rest] => await AtAsync(nanoseconds, rest),
                ["protocol", var version] => SetProtocol(version),
                ["attach", var name, var mode, var priority, .. var objects] => await TimedAsync(() => _dispatcher.ApplyAsync(name, Request(mode, priority, objects))),
                ["detach", var name, "all"] => await TimedAsync(() => _dispatcher.DetachAsync(name, ComponentSelection.All)),
                ["detach", var name, .. var ids] => await TimedAsync(
                    () => _dispatcher.DetachAsync(name, ComponentSelection.ById([.. ids.Select(id => new ProgramId(Number(id)))]))),
                ["attach-all", var names, var mode, var priority, .. var objects] => await TimedAsync(() => OnAllAsync(names, Request(mode, priority, objects))),
                ["detach-all", var names] => await TimedAsync(() => OnAllAsync(names, new DetachRequest(ComponentSelection.All))),
                ["list", var name] => Listing.Of(await _dispatcher.GetStatusAsync(name)),
                ["storm", var name, var milliseconds, var seed, var path] =>
                    await new Storm(_dispatcher, name, path, (int)Number(seed), _protocol).RunAsync(TimeSpan.FromMilliseconds(Number(milliseconds))),
                ["churn", var name, var milliseconds, var path] => await new Churn(_dispatcher, name, path).RunAsync(TimeSpan.FromMilliseconds(Number(milliseconds))),
                _ => "error errno=22 text=unknown command or too few words",
            };
        }
        catch (DispatcherException failure)
        {
            return $"error errno={(failure as KernelException)?.Errno ?? 0} text={failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}";
        }
    }

    private static uint Number(string word) => uint.Parse(word, CultureInfo.InvariantCulture);

    /// <summary>Waits for a moment of the monotonic clock, so that several processes start at the same one.</summary>
    private async Task<string> AtAsync(string nanoseconds, string[] rest)
    {
        var moment = long.Parse(nanoseconds, CultureInfo.InvariantCulture);
        var left = TimeSpan.FromTicks((moment - Stopwatch.GetTimestamp()) * TimeSpan.TicksPerSecond / Stopwatch.Frequency);
        if (left > TimeSpan.Zero)
            await Task.Delay(left);
        return await CarryOutAsync(rest);
    }

    private string SetProtocol(string version)
    {
        _protocol = version == "-" ? null : (DispatcherVersion)Number(version);
        return "ok";
    }

    private AttachRequest Request(string mode, string priority, string[] objects)
    {
        var options = new AttachOptions
        {
            Protocol = _protocol,
            Mode = mode switch { "native" => AttachMode.Native, "skb" => AttachMode.Skb, _ => AttachMode.Unspecified },
        };
        var programs = objects.Select(path => ComponentProgram.FromElfFile(path));
        if (priority != "-")
            programs = programs.Select(program => program with { Priority = Number(priority) });
        return new AttachRequest([.. programs], options);
    }

    // One change of several interfaces, all or none; the answer tells of the first.
    private async Task<ChangeResult> OnAllAsync(string names, ChangeRequest request)
    {
        var result = await _dispatcher.ApplyToAllAsync(names.Split(','), request);
        return result.FirstFailure is { } failure ? throw failure : result.Interfaces[0].Result!;
    }

    private static async Task<string> TimedAsync(Func<Task<ChangeResult>> call)
    {
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var processor = Environment.CpuUsage.TotalTime;
        var start = Stopwatch.GetTimestamp();
        var change = await call();
        var elapsedNs = Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        var processorNs = (Environment.CpuUsage.TotalTime - processor).TotalNanoseconds;
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        return string.Create(
            CultureInfo.InvariantCulture, $"ok attempts={change.Attempts} ns={elapsedNs:0} cpu={processorNs:0} allocated={allocated} ids={string.Join(',', change.Programs.Select(program => program.Id))}");
    }
}
