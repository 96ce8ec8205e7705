namespace Dispatcher.Runtime.DependencyInjection;

/// <summary>Bounds of durations among options. Nothing here lasts more than a day: in a configuration a number alone is days, and hardly ever meant so.</summary>
internal static class DurationRule
{
    private const string LongerThanNothing = "longer than nothing and at most a day";
    private static readonly TimeSpan Longest = TimeSpan.FromDays(1);
    private static readonly TimeSpan ShortestLook = TimeSpan.FromMilliseconds(100);

    /// <summary>What is wrong with a time that must pass. Null: nothing.</summary>
    public static string? RefuseEmpty(string option, TimeSpan value) => Refuse(option, value, value > TimeSpan.Zero, LongerThanNothing);

    /// <summary>What is wrong with a time that may be none. Null: nothing.</summary>
    public static string? RefuseNegative(string option, TimeSpan value) => Refuse(option, value, value >= TimeSpan.Zero, "nothing to a day");

    /// <summary>What is wrong with the time between two looks. Null: nothing.</summary>
    public static string? RefuseLook(string option, TimeSpan value) => value == Timeout.InfiniteTimeSpan ? null : Refuse(option, value, value >= ShortestLook, "0.1 s to 1 day, or infinite");

    private static string? Refuse(string option, TimeSpan value, bool isLongEnough, string range) =>
        isLongEnough && value <= Longest ? null : $"{option} is {range}, not {value} (00:00:30 is thirty seconds; in a configuration a number alone is days).";
}
