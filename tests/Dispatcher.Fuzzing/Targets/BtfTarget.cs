using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A .BTF section, or the BTF of a program as the kernel gives it back.</summary>
internal sealed class BtfTarget : IFuzzTarget
{
    private const int DescribeStride = 5;

    public string Name => "btf";

    public string Suite => "compiler";

    // Text repeats a name for each that has it: 511 characters, for 8 bytes of a parameter or enumerator, in three copies while
    // it is put together, are 384 bytes a byte; declarations of every fifth type come on top.
    public long AllocationPerByte => 1024;

    public IReadOnlyList<Type> Covers => [typeof(BtfReader), typeof(BtfHeader), typeof(BtfDecoder), typeof(BtfStrings), typeof(BtfRules), typeof(BtfData), typeof(BtfC)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Btfs.Append(BtfSeeds.WithKindLayout());

    public IEnumerable<byte[]> LargeInputs() => [LargeObjects.LongMemberName()];

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => BtfParts.Describe(input, 0, layout);

    public void Repair(Span<byte> input, FuzzRandom random) => BtfParts.Repair(input, random);

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var btf = BtfData.Read(input);
        BrokenPromiseException.ThrowUnless(input.SequenceEqual(btf.Encode(btf.IsBigEndian)), "what was read is written again byte for byte");
        BtfText.Render(btf);
        for (var id = 0u; id <= btf.Count; id++)
            BrokenPromiseException.ThrowUnless(btf.Get<BtfModifier>(btf.Resolve(new BtfTypeId(id))) is null, "qualifiers and typedefs end");

        // Each may take a hundred steps, so not all of them.
        for (var id = (uint)(input.Length % DescribeStride); id <= btf.Count; id += DescribeStride)
            BtfC.Describe(btf, new BtfTypeId(id));
        btf.Find(BtfKind.Func, "print");
    }
}
