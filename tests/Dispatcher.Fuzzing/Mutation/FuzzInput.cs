namespace Dispatcher.Fuzzing.Mutation;

/// <summary>An input to start from: a seed, or one that reached a branch first.</summary>
internal sealed class FuzzInput
{
    private FuzzInput(byte[] bytes, InputLayout layout)
    {
        Bytes = bytes;
        Layout = layout;
    }

    /// <summary>Its bytes; not to be changed.</summary>
    public byte[] Bytes { get; }

    /// <summary>Where its fields are.</summary>
    public InputLayout Layout { get; }

    /// <summary>An input as the target sees it.</summary>
    public static FuzzInput Of(IFuzzTarget target, byte[] bytes)
    {
        var layout = new InputLayout(bytes.Length);
        target.Describe(bytes, layout);
        return new FuzzInput(bytes, layout);
    }
}
