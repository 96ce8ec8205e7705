using System.Text.Json;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>What is loaded and pinned on the machine, by bpftool and the file system.</summary>
internal static class Census
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>Loaded programs of these names; the kernel cuts names at 15 bytes.</summary>
    public static int Programs(params string[] names)
    {
        using var json = JsonDocument.Parse(Tool.Run("bpftool", "-j", "prog", "list").OrFail().Output);
        return json.RootElement.EnumerateArray().Count(program => program.TryGetProperty("name", out var name) && names.Contains(name.GetString()));
    }

    /// <summary>As many programs of these names are loaded; the kernel frees them a little later.</summary>
    public static async Task ProgramsBecome(int expected, params string[] names)
    {
        var end = DateTime.UtcNow + Patience;
        int count;
        while ((count = Programs(names)) != expected && DateTime.UtcNow < end)
            await Task.Delay(100, Stage.Cancellation);
        Assert.True(expected == count, $"{count} programs {string.Join(", ", names)} are loaded, and {expected} are in chains.");
    }

    /// <summary>Pins that no chain on the hook needs.</summary>
    public static async Task<IReadOnlyList<string>> Leftovers(Stage stage) => Leftovers(stage, await stage.Status());

    /// <summary>Pins that none of these chains needs.</summary>
    /// <param name="stage">Where the pins are.</param>
    /// <param name="hooks">Every hook whose chain is pinned there.</param>
    public static IReadOnlyList<string> Leftovers(Stage stage, params IReadOnlyList<HookStatus> hooks) => [.. stage.Pins.Except(["xdp", .. hooks.SelectMany(PinsOf)])];

    private static IEnumerable<string> PinsOf(HookStatus hook)
    {
        if (hook.Chain is not { } chain)
            return [];
        var directory = $"xdp/dispatch-{hook.InterfaceIndex}-{chain.DispatcherId}";
        return [directory, .. chain.Programs.SelectMany(program => new[] { $"{directory}/prog{program.Slot}-link", $"{directory}/prog{program.Slot}-prog" })];
    }
}
