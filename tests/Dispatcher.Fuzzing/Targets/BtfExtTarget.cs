using System.Buffers.Binary;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A .BTF.ext section with its BTF: <c>u32 size of the BTF | BTF | BTF.ext</c>.</summary>
internal sealed class BtfExtTarget : IFuzzTarget
{
    private const int PrefixSize = 4;

    public string Name => "btf-ext";

    public string Suite => "compiler";

    public IReadOnlyList<Type> Covers => [typeof(BtfExtDecoder)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf)
    {
        foreach (var elf in shelf.Objects.Select(bytes => ElfReader.Read(bytes)))
        {
            if (elf.FindSection(".BTF") is { } btf && elf.FindSection(".BTF.ext") is { } ext)
                yield return [.. BitConverter.GetBytes(btf.Data.Length), .. btf.Data.Span, .. ext.Data.Span];
        }
    }

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        if (input.Length < PrefixSize)
            return;
        var start = PrefixSize + (long)BinaryPrimitives.ReadUInt32LittleEndian(input);
        layout.AddFields(start, 2, 1, 1);
        for (var at = start + 4; at + 4 <= input.Length; at += 4)
            layout.AddFields(at, 4);
        for (var at = start + BtfExt.HeaderSize; at + 8 <= input.Length; at += 8)
            layout.AddRecord(at, 8);
    }

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var size = input.Length < PrefixSize ? 0 : (int)Math.Min(BinaryPrimitives.ReadUInt32LittleEndian(input), (uint)(input.Length - PrefixSize));
        var rest = input[Math.Min(PrefixSize, input.Length)..];
        var btf = BtfData.Read(rest[..size]);
        var ext = BtfExt.Read(rest[size..], btf);
        BrokenPromiseException.ThrowUnless(ext.Equals(BtfExt.Read(ext.Encode(), btf)), "what was read means the same when it is written again");
        foreach (var line in ext.Lines.AsSpan())
        {
            foreach (var record in line.Records.AsSpan()[..1])
                btf.GetString(record.Text);
        }
    }
}
