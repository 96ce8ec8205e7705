using System.Text.Json;
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
    public static async Task<IReadOnlyList<string>> Leftovers(Stage stage)
    {
        var status = await stage.Status();
        if (status.Chain is not { } chain)
            return [.. stage.Pins.Where(pin => pin != "xdp")];
        var directory = $"xdp/dispatch-{status.InterfaceIndex}-{chain.DispatcherId}";
        var needed = chain.Programs.SelectMany(program => new[] { $"{directory}/prog{program.Slot}-link", $"{directory}/prog{program.Slot}-prog" });
        return [.. stage.Pins.Except(["xdp", directory, .. needed])];
    }
}
