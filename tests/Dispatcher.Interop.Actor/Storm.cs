using System.Diagnostics;
using System.Text.RegularExpressions;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Actor;

/// <summary>Loads and unloads without pause, looks after each step whether it is true, and counts.</summary>
/// <param name="dispatcher">The library.</param>
/// <param name="interfaceName">Where.</param>
/// <param name="objectPath">What is loaded.</param>
/// <param name="seed">Of pauses and of what is left.</param>
/// <param name="protocol">Version of the chains, so that a peer of that version can join whoever makes the first one; null: the default.</param>
internal sealed partial class Storm(XdpDispatcher dispatcher, string interfaceName, string objectPath, int seed, DispatcherVersion? protocol)
{
    private const int LongestPauseMs = 10;

    private readonly Random _random = new(seed);
    private readonly SortedDictionary<int, int> _attempts = [];
    private readonly SortedDictionary<string, int> _causes = new(StringComparer.Ordinal);
    private readonly List<string> _errors = [];
    private int _attached;
    private int _detached;
    private int _notThere;
    private ProgramId? _left;

    /// <summary>Goes on for a while; an odd seed leaves one more program in the chain.</summary>
    /// <returns>The answer of the line protocol.</returns>
    public async Task<string> RunAsync(TimeSpan duration)
    {
        var program = ComponentProgram.FromElfFile(objectPath);
        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < duration)
        {
            if (await AddAsync(program) is not { } id)
                continue;
            await Task.Delay(_random.Next(LongestPauseMs));
            await RemoveAsync(id);
        }

        if (seed % 2 == 1)
            _left = await AddAsync(program);

        return $"ok attached={_attached} detached={_detached} notthere={_notThere} left={_left?.Value ?? 0}"
            + $" attempts={string.Join(',', _attempts.Select(each => $"{each.Key}:{each.Value}"))}"
            + $" causes={string.Join(',', _causes.Select(each => $"{each.Key}:{each.Value}"))}"
            + $" errors={_errors.Count} text={string.Join(" | ", _errors.Take(3))}";
    }

    private async Task<ProgramId?> AddAsync(ComponentProgram program)
    {
        if (await TryAsync(() => dispatcher.AttachAsync(interfaceName, [program], new AttachOptions { Protocol = protocol })) is not { } change)
            return null;
        _attached++;
        var id = change.Programs[0].Id;
        await LookAsync(id, isExpected: true);
        return id;
    }

    private async Task RemoveAsync(ProgramId id)
    {
        if (await TryAsync(() => dispatcher.DetachAsync(interfaceName, ComponentSelection.ById(id))) is null)
            return;
        _detached++;
        await LookAsync(id, isExpected: false);
    }

    private async Task LookAsync(ProgramId id, bool isExpected)
    {
        var status = await dispatcher.GetStatusAsync(interfaceName);
        var isThere = status.Chain is { } chain && chain.Programs.Any(each => each.Id == id);
        if (isThere == isExpected)
            return;
        _notThere++;
        _errors.Add($"program {id} was {(isExpected ? "attached" : "detached")}, and the hook says: {Listing.Of(status)}");
    }

    private async Task<ChangeResult?> TryAsync(Func<Task<ChangeResult>> step)
    {
        try
        {
            var change = await step();
            _attempts[change.Attempts] = _attempts.GetValueOrDefault(change.Attempts) + 1;
            Count(change.LostRaces);
            return change;
        }
        catch (DispatcherException failure)
        {
            Count((failure as ContentionException)?.LostRaces ?? []);
            _errors.Add($"{failure.GetType().Name}: {failure.Message.ReplaceLineEndings(" ")}");
            return null;
        }
    }

    // One word each, and the same for all ids and names.
    private void Count(IEnumerable<string> lostRaces)
    {
        foreach (var cause in lostRaces)
        {
            var word = Varying().Replace(cause, "*").Replace(' ', '_').Replace(':', ';').Replace(',', ';');
            _causes[word] = _causes.GetValueOrDefault(word) + 1;
        }
    }

    [GeneratedRegex("/[^ ]+|[0-9]+")]
    private static partial Regex Varying();
}
