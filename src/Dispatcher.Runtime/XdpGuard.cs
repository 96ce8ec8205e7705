using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using Dispatcher.Compiler;
using Dispatcher.Runtime.DependencyInjection;
using Dispatcher.Runtime.Diagnostics;
using Dispatcher.Runtime.Guarding;
using Dispatcher.Runtime.Watching;

namespace Dispatcher.Runtime;

/// <summary>Keeps wanted programs in the chain of one interface by a stated policy, and never fights over it.</summary>
/// <remarks>
/// A program that somebody took out is attached again as it is: the same program with its maps. Others' programs stay where they are, and what holds
/// the hook without being a chain is left alone. A chain that lost its pins is mended first (<see cref="GuardPolicy.WhenMissing"/>), whoever made it. A guard that ends detaches nothing, unless <see cref="XdpGuardOptions.DetachWhenStopped"/> says so.
/// To remove a guarded program for good, stop its guard first (the chain runs on), then detach: a guard that runs takes a detach for an eviction and
/// attaches the program again.
/// </remarks>
public sealed class XdpGuard
{
    private readonly XdpDispatcher _dispatcher;
    private readonly XdpGuardOptions _options;
    private readonly GuardBudget _budget;
    private readonly Dictionary<string, XdpAttachment> _held = new(StringComparer.Ordinal);
    private string _currentName;
    private bool _isAlarmed;

    /// <summary>Prepares a guard; nothing happens until <see cref="RunAsync"/> is read.</summary>
    /// <param name="dispatcher">Attaches, and watches.</param>
    /// <param name="options">What belongs in the chain.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    public XdpGuard(XdpDispatcher dispatcher, XdpGuardOptions options)
    {
        ArgumentNullException.ThrowIfNull(dispatcher);
        ArgumentNullException.ThrowIfNull(options);
        if (new XdpGuardOptionsValidator().Validate(null, options) is { Failed: true } refused)
            throw new ArgumentException(refused.FailureMessage, nameof(options));
        _dispatcher = dispatcher;
        _options = options;
        _currentName = options.InterfaceName;
        _budget = new GuardBudget(options.MostAttempts, options.Window);
        Stopped = report => Listeners.Tell(() => options.Reported?.Invoke(report));
    }

    /// <summary>Told what came of <see cref="XdpGuardOptions.DetachWhenStopped"/>: then nobody reads reports any more.</summary>
    internal Action<GuardReport> Stopped { get; init; }

    /// <summary>Guards, and reports what it finds and does. One reader; it is ended by cancelling, by throwing, or by giving up: then the last report says so.</summary>
    /// <remarks>An interface that is not there, when it begins or later, is waited for.</remarks>
    public async IAsyncEnumerable<GuardReport> RunAsync([EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using var watch = await _dispatcher.OpenWatchAsync(_options.InterfaceName, _options.LookInterval, waitsForInterface: true, cancellationToken).ConfigureAwait(false);
        try
        {
            var events = await watch.BeginAsync(cancellationToken).ConfigureAwait(false);
            if (events.IsEmpty)
                yield return Waiting();
            while (true)
            {
                foreach (var happened in events)
                {
                    await foreach (var report in AnswerAsync(happened, watch, cancellationToken).ConfigureAwait(false))
                    {
                        _isAlarmed = report.Kind switch
                        {
                            GuardReportKind.Missing or GuardReportKind.Blocked or GuardReportKind.Failed => true,
                            GuardReportKind.InPlace or GuardReportKind.Restored => false,
                            _ => _isAlarmed,
                        };
                        yield return report with { Cause = happened.Kind == ChainEventKind.Observed ? null : happened };
                        if (report.Kind == GuardReportKind.GaveUp)
                            yield break;
                    }
                }

                events = await watch.NextAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        finally
        {
            if (_options.DetachWhenStopped && cancellationToken.IsCancellationRequested)
                await DetachAsync().ConfigureAwait(false);
            LetGo();
        }
    }

    // When somebody takes one of them out meanwhile the others still go. There is one fewer each time, so it comes to an end.
    private async Task DetachAsync()
    {
        ImmutableArray<ComponentProgram> held = [.. _options.Programs.Where(program => _held.ContainsKey(program.Name))];
        try
        {
            for (var most = held.Length; most > 0; most--)
            {
                if (await TryDetachAsync(held).ConfigureAwait(false) is not { } detached)
                    continue;
                if (!detached.IsEmpty)
                    Stopped(Report(GuardReportKind.Detached, $"the guard was stopped, and detached: {Names(detached)}", detached));
                return;
            }
        }
        catch (DispatcherException failure)
        {
            Stopped(Report(GuardReportKind.Failed, $"{Names(held)} cannot be detached: {failure.Message}", held) with { Failure = failure });
        }
    }

    // Null: one of them has gone from the chain between the look and the detach.
    private async Task<ImmutableArray<ComponentProgram>?> TryDetachAsync(ImmutableArray<ComponentProgram> held)
    {
        var hook = await _dispatcher.GetStatusAsync(_held[held[0].Name].CurrentName(), CancellationToken.None).ConfigureAwait(false);
        ImmutableArray<ComponentProgram> there = [.. held.Where(program => _held[program.Name].FindIn(hook) is not null)];
        if (there.IsEmpty)
            return there;
        try
        {
            var selection = ComponentSelection.ById([.. there.Select(program => _held[program.Name].Id)]);
            await _dispatcher.DetachAsync(hook.InterfaceName, selection, CancellationToken.None).ConfigureAwait(false);
            return there;
        }
        catch (NotFoundException)
        {
            return null;
        }
    }

    // Until everything is in place, or nothing is to be done about it. What it changes itself, or reads, the watch takes for known: only
    // what others do after that is an event, and nothing that they do is lost between two looks.
    private async IAsyncEnumerable<GuardReport> AnswerAsync(ChainEvent happened, HookWatch watch, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        if (happened.After is not { } hook)
        {
            LetGo();
            await SweepAsync(happened.InterfaceIndex, cancellationToken).ConfigureAwait(false);
            yield return Waiting();
            yield break;
        }

        _currentName = hook.InterfaceName;
        _budget.Follow(hook.InterfaceIndex);

        var isMended = false;
        while (_options.Policy == GuardPolicy.WhenMissing && hook.Broken is { } broken && GuardRepair.Obstacle(hook, broken) is null)
        {
            if (!_budget.TrySpend(_dispatcher.Now))
            {
                yield return GaveUp("the chain lost pins", [.. _options.Programs]);
                yield break;
            }

            if (await MendAsync(hook, cancellationToken).ConfigureAwait(false) is { } mending)
            {
                yield return mending;
                // Until something else happens to the chain.
                if (mending.Kind == GuardReportKind.Blocked)
                {
                    _budget.GiveBack();
                    yield break;
                }
            }

            if (await LookAsync(hook, cancellationToken).ConfigureAwait(false) is not { } mended)
            {
                watch.Doubt(hook.InterfaceIndex);
                yield break;
            }

            (hook, isMended) = (mended, true);
            watch.Assume(hook);
        }

        var isFirst = happened.Kind == ChainEventKind.Observed && !isMended;
        var isRenamed = happened.Kind == ChainEventKind.InterfaceRenamed;
        var isNews = isRenamed || (!isMended && happened.Kind is ChainEventKind.Observed or ChainEventKind.InterfaceAppeared or ChainEventKind.ChainMended);
        var isPaid = isMended;
        while (true)
        {
            foreach (var successor in await AdoptAsync(hook, cancellationToken).ConfigureAwait(false))
                yield return successor;
            var missing = _options.Programs.Where(program => !IsIn(hook, program)).ToImmutableArray();
            if (missing.IsEmpty)
            {
                // What was missing and came back without us is told, too: it ends an alarm.
                if (isNews || _isAlarmed)
                    yield return Report(GuardReportKind.InPlace, (isRenamed ? $"the interface is called '{Printable.Escape(hook.InterfaceName)}' now, and guarded on: " : "") + "all programs are in the chain", [.. _options.Programs]);
                yield break;
            }

            if (!isFirst)
                GuardMetrics.Evicted(hook.InterfaceName, missing.Count(program => _held.ContainsKey(program.Name)));
            if (Refrain(hook, missing) is { } refrained)
            {
                yield return refrained;
                yield break;
            }

            if (!isPaid && !_budget.TrySpend(_dispatcher.Now))
            {
                yield return GaveUp($"{Names(missing)} went missing", missing);
                yield break;
            }

            isPaid = false;
            var (report, after) = await TryAttachAsync(missing, cancellationToken).ConfigureAwait(false);
            yield return report;
            if (after is null)
            {
                await Task.Delay(_options.RetryDelay, cancellationToken).ConfigureAwait(false);
                after = await LookAsync(hook, cancellationToken).ConfigureAwait(false);
                if (after is null)
                    watch.Doubt(hook.InterfaceIndex);
                // A chain that lost pins meanwhile is told by the watch, and mended then.
                if (after is null or { Broken: not null })
                    yield break;
            }

            (hook, isFirst, isNews) = (after, false, false);
            watch.Assume(hook);
        }
    }

    // The pins of an interface that is gone hold programs and maps that nothing runs any more.
    private async Task SweepAsync(int interfaceIndex, CancellationToken cancellationToken)
    {
        if (_options.Policy == GuardPolicy.ReportOnly)
            return;
        await _dispatcher.SweepGoneAsync(_currentName, interfaceIndex, cancellationToken).ConfigureAwait(false);
    }

    // What is dead of it leaves the chain, and is missing then. Null: another process was as fast.
    private async Task<GuardReport?> MendAsync(HookStatus hook, CancellationToken cancellationToken)
    {
        try
        {
            return await GuardRepair.RunAsync(_dispatcher, hook.InterfaceName, cancellationToken).ConfigureAwait(false) is { } what
                ? Report(GuardReportKind.Mended, what, [.. _options.Programs])
                : null;
        }
        catch (RefusedException refused)
        {
            return Report(GuardReportKind.Blocked, $"the chain lost pins, and cannot be mended: {refused.Message}", [.. _options.Programs]) with { Failure = refused };
        }
        catch (DispatcherException failure)
        {
            await Task.Delay(_options.RetryDelay, cancellationToken).ConfigureAwait(false);
            return Report(GuardReportKind.Failed, $"the chain lost pins, and cannot be mended: {failure.Message}", [.. _options.Programs]) with { Failure = failure };
        }
    }

    // Null: it goes on changing, cannot be read, or the interface has gone.
    private async Task<HookStatus?> LookAsync(HookStatus last, CancellationToken cancellationToken)
    {
        try
        {
            var found = await _dispatcher.GetStatusAsync(_currentName, cancellationToken).ConfigureAwait(false);
            return found.InterfaceIndex == last.InterfaceIndex ? found : null;
        }
        catch (DispatcherException)
        {
            return null;
        }
    }

    private async Task<XdpAttachment?> TryFindAsync(HookStatus hook, ComponentStatus program, CancellationToken cancellationToken)
    {
        try
        {
            return await _dispatcher.FindAsync(hook.InterfaceName, ComponentSelection.ById(program.Id), cancellationToken).ConfigureAwait(false);
        }
        catch (DispatcherException)
        {
            return null;
        }
    }

    private GuardReport? Refrain(HookStatus hook, ImmutableArray<ComponentProgram> missing)
    {
        if (Obstacle(hook) is { } obstacle)
            return Report(GuardReportKind.Blocked, obstacle, missing);
        var isAllowed = _options.Policy == GuardPolicy.WhenMissing || (_options.Policy == GuardPolicy.WhenEmpty && hook.IsEmpty);
        return isAllowed ? null : Report(GuardReportKind.Missing, $"missing from the chain: {Names(missing)}", missing);
    }

    // The hook as it was left; null: not all are attached.
    private async Task<(GuardReport Report, HookStatus? After)> TryAttachAsync(ImmutableArray<ComponentProgram> missing, CancellationToken cancellationToken)
    {
        HookStatus? after = null;
        var kept = new List<ComponentProgram>();
        var known = _held.Keys.ToHashSet(StringComparer.Ordinal);
        try
        {
            foreach (var program in missing)
            {
                if (_held.TryGetValue(program.Name, out var held))
                {
                    after = (await held.ReattachAsync(cancellationToken).ConfigureAwait(false)).After;
                    continue;
                }

                // Another guard of it may be as fast: one of the two programs is enough.
                var attach = _options.Attach with { IfPresent = PresentProgram.Keep };
                (_held[program.Name], var result) = await _dispatcher.AttachHeldAsync(_currentName, program, attach, cancellationToken).ConfigureAwait(false);
                after = result.After;
                if (!result.Kept.IsEmpty)
                    kept.Add(program);
            }

            var attached = missing.RemoveRange(kept);
            var isAgain = attached.Any(program => known.Contains(program.Name));
            GuardMetrics.Restored(_currentName, attached.Length);
            return attached.IsEmpty
                ? (Report(GuardReportKind.InPlace, $"attached by another process meanwhile: {Names(missing)}", missing), after)
                : (Report(GuardReportKind.Restored, $"{(isAgain ? "attached again, since it was missing from the chain" : "attached")}: {Names(attached)}", attached), after);
        }
        catch (DispatcherException failure)
        {
            return (Report(GuardReportKind.Failed, $"{Names(missing)} cannot be attached: {failure.Message}", missing) with { Failure = failure }, null);
        }
    }

    // Takes programs over that are in the chain by name: at the beginning, or when another process replaced ours.
    private async Task<List<GuardReport>> AdoptAsync(HookStatus hook, CancellationToken cancellationToken)
    {
        var reports = new List<GuardReport>();
        foreach (var program in _options.Programs)
        {
            if (hook.Chain?.Programs.FirstOrDefault(found => found.Name == program.Name) is not { } present)
                continue;
            var held = _held.GetValueOrDefault(program.Name);
            if (held?.FindIn(hook) is not null)
                continue;
            if (await TryFindAsync(hook, present, cancellationToken).ConfigureAwait(false) is not { } found)
                continue;
            _held[program.Name] = found;
            if (held is null)
            {
                if (await _dispatcher.TagOfAsync(hook.InterfaceName, program, cancellationToken).ConfigureAwait(false) is { } tag && tag != present.Tag)
                    reports.Add(Report(GuardReportKind.AnotherBuild, $"{Names([program])} (id {present.Id}) runs already, and is another build than the one given (tag {present.Tag}, given {tag}): it goes on; 'xdp-dispatch replace' or ReplaceAsync puts the new one in its place", [program]));
                continue;
            }

            held.Dispose();
            reports.Add(Report(GuardReportKind.Superseded, $"{Names([program])} is program {found.Id} now, which another process put in the place of {held.Id}", [program]));
        }

        return reports;
    }

    private static string? Obstacle(HookStatus hook) => hook switch
    {
        { Foreign: { } foreign } => $"program {foreign.Id} '{Printable.Escape(foreign.Name)}' holds the hook, and it is no dispatcher",
        { Broken: { } broken } => GuardRepair.Obstacle(hook, broken) ?? $"the chain is broken: {broken}; {broken.AdviceFor(hook.InterfaceName)}",
        _ => null,
    };

    private GuardReport Waiting() =>
        Report(GuardReportKind.Blocked, $"there is no interface '{Printable.Escape(_options.InterfaceName)}'; the guard waits for it", [.. _options.Programs]);

    private GuardReport GaveUp(string what, ImmutableArray<ComponentProgram> programs) =>
        Report(GuardReportKind.GaveUp, $"{what}, after {_options.MostAttempts} attempt{(_options.MostAttempts == 1 ? "" : "s")} to put that right, the first attach included, within {_options.Window}; the guard ends", programs);

    private static bool IsIn(HookStatus hook, ComponentProgram program) => hook.Chain?.Programs.Any(found => found.Name == program.Name) ?? false;

    private static string Names(ImmutableArray<ComponentProgram> programs) => string.Join(", ", programs.Select(program => Printable.Escape(program.Name)));

    private static GuardReport Report(GuardReportKind kind, string message, ImmutableArray<ComponentProgram> programs) =>
        new(kind, DateTimeOffset.Now, message, [.. programs.Select(program => program.Name)]);

    private void LetGo()
    {
        foreach (var held in _held.Values)
            held.Dispose();
        _held.Clear();
    }
}
