using System.Globalization;

namespace Dispatcher.Runtime.Interop;

/// <summary>How many CPUs this kernel may ever have, which is how many values a per-CPU map has.</summary>
internal static class PossibleCpus
{
    private const string Source = "/sys/devices/system/cpu/possible";
    private const int MostCpus = 1 << 16;
    private static readonly Lazy<int> Known = new(Read);

    /// <summary>The number, read once.</summary>
    public static int Count => Known.Value;

    /// <summary>Reads it from the machine.</summary>
    /// <exception cref="KernelException">The file is missing or says something else; no number is guessed.</exception>
    public static int Read()
    {
        try
        {
            return Parse(File.ReadAllText(Source)) ?? throw Fail("its text is not a list of CPUs");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw Fail(unreadable.Message);
        }
    }

    /// <summary>Counts a list such as <c>0-3</c> or <c>0,2-5</c>. Null: it is none, or its ranges are not in rising order.</summary>
    public static int? Parse(string text)
    {
        var count = 0;
        var next = 0;
        foreach (var range in text.Trim().Split(','))
        {
            var ends = range.Split('-');
            if (ends.Length > 2 || !TryParse(ends[0], out var first) || !TryParse(ends[^1], out var last) || first < next || last < first)
                return null;
            count += last - first + 1;
            next = last + 1;
        }

        return count;
    }

    private static bool TryParse(string text, out int cpu) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out cpu) && cpu < MostCpus;

    private static KernelException Fail(string cause) =>
        new($"read {Source}", Errno.EINVAL, cause, "Per-CPU counters cannot be read without it; is /sys mounted?");
}
