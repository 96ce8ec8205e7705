using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Generated;

/// <summary>A program that bpftool, and so libbpf, loaded from an object.</summary>
internal sealed record LoadedObject(KernelPort Port, ProgramFd Program, ProgramInfo Info) : IDisposable
{
    public uint Verdict(ReadOnlySpan<byte> packet) => Port.Bpf.TestRun(Program, packet).Verdict;

    public void Dispose() => Program.Dispose();
}

/// <summary>Loads objects by other people's code.</summary>
internal static class ObjectLoader
{
    // libbpf says this of every dispatcher, clang's and libxdp's too: the marker is read from BTF, not from its section.
    private const string ExpectedRemark = "skipping unrecognized data section";

    /// <summary>Loads the program xdp_dispatcher of an object; the pin is gone before this returns.</summary>
    public static LoadedObject Load(BpfFs bpfFs, byte[] elf)
    {
        using var folder = new TempFolder();
        var pins = Path.Combine(bpfFs.FullPath, Path.GetFileName(folder.FullPath));
        var result = Tool.Run("bpftool", "prog", "loadall", folder.Write("dispatcher.o", elf), pins, "type", "xdp").OrFail();
        Assert.All(
            result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries),
            line => Assert.Contains(ExpectedRemark, line, StringComparison.Ordinal));
        var port = LinuxKernel.Open();
        var program = port.Files.OpenProgram(pins + "/xdp_dispatcher")!;
        foreach (var pin in Directory.EnumerateFiles(pins))
            File.Delete(pin);
        Directory.Delete(pins);
        return new LoadedObject(port, program, port.Bpf.GetInfo(program));
    }
}
