using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Puts a generated dispatcher into the kernel: BTF, config map, program, and the map bound to it.</summary>
internal static class DispatcherLoader
{
    private const uint AttachTypeXdp = 37;
    private const string ConfigMapName = "xdp_disp.rodata";

    /// <summary>Generates and loads; nothing is attached or pinned, so closing the fd undoes it all.</summary>
    /// <remarks>
    /// A kernel before 5.18 does not know frags. No packet comes in several buffers there, so the dispatcher is loaded
    /// without; <see cref="LoadedDispatcher.HasFrags"/> says so.
    /// </remarks>
    public static LoadedDispatcher Load(IBpf bpf, DispatcherSpec spec)
    {
        try
        {
            return LoadAs(bpf, spec);
        }
        catch (KernelException unknown) when (spec.HasFrags && unknown.Errno == Errno.EINVAL && unknown is not VerifierException)
        {
            return LoadAs(bpf, spec with { LeavesOutFrags = true });
        }
    }

    private static LoadedDispatcher LoadAs(IBpf bpf, DispatcherSpec spec)
    {
        var generated = DispatcherGenerator.Generate(spec);
        var bigEndian = !BitConverter.IsLittleEndian;
        using var btf = bpf.LoadBtf(generated.Btf.Encode(bigEndian));
        var config = generated.ConfigBytes(bigEndian);
        using var map = bpf.CreateConfigMap(ConfigMapName, config.Length, btf, generated.Btf.Find(BtfKind.DataSec, DispatcherNames.ConfigSection)!.Value.Value);
        bpf.WriteFirstElement(map, config);
        bpf.Freeze(map);
        var program = bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = DispatcherNames.Entry,
            Instructions = BpfEncoding.Encode(generated.Instructions.AsSpan(), bigEndian),
            License = DispatcherNames.License,
            ExpectedAttachType = AttachTypeXdp,
            Flags = spec.HasFrags ? (uint)ProgramFlags.Frags : 0,
            Btf = btf,
            FunctionInfo = BtfExt.EncodeForKernel(generated.FuncInfo, bigEndian),
            LineInfo = BtfExt.EncodeForKernel(generated.LineInfo, bigEndian),
        });
        try
        {
            bpf.BindMap(program, map);
            return new LoadedDispatcher(program, generated);
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }
}
