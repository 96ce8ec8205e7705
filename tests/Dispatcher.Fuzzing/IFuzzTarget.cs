using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing;

/// <summary>One reader of foreign bytes, and what it promises of any input.</summary>
internal interface IFuzzTarget
{
    /// <summary>One word or two with a dash; also the folder of its corpus.</summary>
    string Name { get; }

    /// <summary>The suite that replays its corpus: compiler, runtime or cli.</summary>
    string Suite { get; }

    /// <summary>Types of src whose branches count as the reader's.</summary>
    IReadOnlyList<Type> Covers { get; }

    /// <summary>Bytes that an execution may allocate for each byte of its input, beside <see cref="Running.Executor.AllocationBase"/>.</summary>
    /// <remarks>A member of 12 bytes or a symbol of 24 is a line of text, and names may be as long as a kernel takes them.</remarks>
    long AllocationPerByte => 512;

    /// <summary>Words that the format knows, to be put into inputs.</summary>
    IReadOnlyList<string> Words => [];

    /// <summary>Inputs that are well formed, or nearly.</summary>
    IEnumerable<byte[]> Seeds(SeedShelf shelf);

    /// <summary>Inputs that are run once and not mutated: so large that time which grows with the square of them shows.</summary>
    IEnumerable<byte[]> LargeInputs() => [];

    /// <summary>Says where the fields and records of an input are. Any input, also a broken one.</summary>
    void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
    }

    /// <summary>Makes lengths of the format fit an input whose size was changed.</summary>
    void Repair(Span<byte> input, FuzzRandom random)
    {
    }

    /// <summary>Whether this is the documented exception for bad input.</summary>
    bool IsRefusal(Exception exception);

    /// <summary>Reads the input and uses all that was read.</summary>
    /// <exception cref="BrokenPromiseException">What was read does not hold what the reader promises.</exception>
    void Run(ReadOnlySpan<byte> input);
}

/// <summary>A reader accepted an input and what it made of it is wrong.</summary>
/// <param name="promise">What should hold, as a sentence without full stop.</param>
internal sealed class BrokenPromiseException(string promise) : Exception($"This does not hold: {promise}.")
{
    /// <summary>Throws unless it holds.</summary>
    public static void ThrowUnless(bool holds, string promise)
    {
        if (!holds)
            throw new BrokenPromiseException(promise);
    }
}
