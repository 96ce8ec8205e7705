namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Records of text: its lines, and its words.</summary>
internal static class TextParts
{
    /// <summary>Notes lines with their ends, and what stands between separators.</summary>
    public static void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        Divide(input, "\n"u8, layout);
        Divide(input, " \t\n:,-=/"u8, layout);
    }

    private static void Divide(ReadOnlySpan<byte> input, ReadOnlySpan<byte> separators, InputLayout layout)
    {
        var start = 0;
        for (var i = 0; i < input.Length; i++)
        {
            if (!separators.Contains(input[i]))
                continue;
            layout.AddRecord(start, i + 1 - start);
            start = i + 1;
        }

        layout.AddRecord(start, input.Length - start);
    }
}
