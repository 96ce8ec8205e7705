namespace Dispatcher.Fuzzing.Running;

/// <summary>Makes a found input smaller while it shows the same.</summary>
internal static class Shrinker
{
    private const int MaxTries = 3000;

    /// <summary>Leaves out chunks, then turns bytes into zeros.</summary>
    /// <param name="input">Shows a finding.</param>
    /// <param name="shows">Whether a smaller one shows it too.</param>
    public static byte[] Shrink(byte[] input, Func<byte[], bool> shows)
    {
        var tries = 0;
        for (var size = input.Length / 2; size > 0 && tries < MaxTries; size /= 2)
        {
            for (var start = 0; start + size <= input.Length && tries++ < MaxTries;)
            {
                byte[] smaller = [.. input[..start], .. input[(start + size)..]];
                if (shows(smaller))
                    input = smaller;
                else
                    start += size;
            }
        }

        for (var size = Math.Max(input.Length / 4, 1); size > 0; size /= 2)
        {
            for (var start = 0; start < input.Length && tries++ < 2 * MaxTries; start += size)
            {
                var plainer = input.ToArray();
                plainer.AsSpan(start, Math.Min(size, input.Length - start)).Clear();
                if (!plainer.AsSpan().SequenceEqual(input) && shows(plainer))
                    input = plainer;
            }
        }

        return input;
    }
}
