using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Transactions;

/// <summary>A generated dispatcher as the kernel takes it, in the byte order of this machine.</summary>
/// <remarks>
/// A spec decides every byte (<see cref="DispatcherGenerator"/>), so the last ones are kept: an upgrade in place, or a program that comes and goes,
/// leads to the same dispatcher again. Safe to use from several threads.
/// </remarks>
internal sealed class DispatcherImage
{
    private static readonly Recent<DispatcherSpec, DispatcherImage> Known = new(64);

    private DispatcherImage(DispatcherSpec spec)
    {
        var bigEndian = !BitConverter.IsLittleEndian;
        Generated = DispatcherGenerator.Generate(spec);
        Instructions = BpfEncoding.Encode(Generated.Instructions.AsSpan(), bigEndian);
        Btf = Generated.Btf.Encode(bigEndian);
        Config = Generated.ConfigBytes(bigEndian);
        FunctionInfo = BtfExt.EncodeForKernel(Generated.FuncInfo, bigEndian);
        LineInfo = BtfExt.EncodeForKernel(Generated.LineInfo, bigEndian);
        ConfigTypeId = Generated.Btf.Find(BtfKind.DataSec, DispatcherNames.ConfigSection)!.Value.Value;
    }

    /// <summary>What it is made from.</summary>
    public DispatcherObject Generated { get; }

    /// <summary>Instructions of entry and stubs.</summary>
    public ReadOnlyMemory<byte> Instructions { get; }

    /// <summary>Types, with the version marker.</summary>
    public ReadOnlyMemory<byte> Btf { get; }

    /// <summary>Contents of the config map.</summary>
    public ReadOnlyMemory<byte> Config { get; }

    /// <summary>Type id of the config map's value.</summary>
    public uint ConfigTypeId { get; }

    /// <summary>For <c>func_info</c> of BPF_PROG_LOAD.</summary>
    public ReadOnlyMemory<byte> FunctionInfo { get; }

    /// <summary>For <c>line_info</c> of BPF_PROG_LOAD.</summary>
    public ReadOnlyMemory<byte> LineInfo { get; }

    /// <summary>The image of a spec, made unless it is one of the last.</summary>
    public static DispatcherImage Of(DispatcherSpec spec) => Known.TryFind(spec, out var image) ? image : Known.Keep(spec, new DispatcherImage(spec));
}
