using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.State;

namespace Dispatcher.Testing;

/// <summary>Which functions of a dispatcher its components replace, as the kernel tells of the pinned links.</summary>
public static class LinkTargets
{
    private static readonly Version FirstThatTells = new(5, 13);

    /// <summary>Function names by slot; skips the test on a kernel that does not tell.</summary>
    /// <param name="bpfFsPath">BPF file system of the pins.</param>
    /// <param name="hook">A hook that carries a chain.</param>
    public static string[] Read(string bpfFsPath, HookStatus hook)
    {
        Need.That(Environment.OSVersion.Version >= FirstThatTells, "LinkTarget", "needs a kernel that tells what a link replaces");
        var port = LinuxKernel.Open();
        using var dispatcher = port.Bpf.OpenProgram(hook.Chain!.DispatcherId)!;
        var btf = ProgramBtf.TryRead(port.Bpf, port.Bpf.GetInfo(dispatcher))!;
        var directory = new PinPaths(bpfFsPath).DirectoryOf(hook.InterfaceIndex, hook.Chain.DispatcherId);
        return [.. hook.Chain.Programs.Select(program =>
        {
            using var link = port.Files.OpenLink(PinPaths.LinkPin(directory, program.Slot))!;
            var info = port.Bpf.GetInfo(link);
            Assert.Equal((hook.Chain.DispatcherId.Value, program.Id), (info.TargetObjectId, info.ProgramId));
            return btf.Get<BtfFunc>(new BtfTypeId(info.TargetBtfTypeId))!.Name;
        })];
    }
}
