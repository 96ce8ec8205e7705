using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>Dispatchers for bench/native/limit.c, which makes nothing itself; <c>struct image</c> there is the shape of a file.</summary>
internal static class ChangeLimit
{
    private const string Pins = "/sys/fs/bpf/limit";

    /// <summary>Writes a file per chain length.</summary>
    /// <returns>The program that takes them.</returns>
    public static ToolRequest Prepare(Bench bench)
    {
        for (var components = 1; components <= DispatcherLimits.MaxSlots; components++)
            bench.Write($"dispatcher-{components}", Encode(Bench.Generate(components)));
        return bench.Native("limit", bench.Work, Pins);
    }

    private static byte[] Encode(DispatcherObject generated)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        var btf = generated.Btf.Encode();
        var config = generated.ConfigBytes();
        writer.Write(generated.Instructions.Length);
        writer.Write(generated.FuncInfo.Length);
        writer.Write(generated.LineInfo.Length);
        writer.Write(btf.Length);
        writer.Write(config.Length);
        for (var slot = 0; slot < DispatcherLimits.MaxSlots; slot++)
            writer.Write(slot < generated.Spec.Slots.Length ? generated.TargetOf(slot).BtfId.Value : 0u);
        writer.Write(BpfEncoding.Encode(generated.Instructions.AsSpan()));
        writer.Write(BtfExt.EncodeForKernel(generated.FuncInfo));
        writer.Write(BtfExt.EncodeForKernel(generated.LineInfo));
        writer.Write(btf);
        writer.Write(config);
        writer.Flush();
        return stream.ToArray();
    }
}
