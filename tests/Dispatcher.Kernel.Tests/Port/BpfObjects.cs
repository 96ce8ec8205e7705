using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Objects of <c>bpf/</c>: as <c>eng/build-bpf</c> left them where they are fresh, since clang is slow in a VM, else compiled now.</summary>
internal static class BpfObjects
{
    internal static byte[] Read(string name)
    {
        var source = Repository.PathOf($"bpf/{name}.bpf.c");
        var built = Repository.PathOf($"artifacts/bpf/{name}.o");
        return File.GetLastWriteTimeUtc(built) > File.GetLastWriteTimeUtc(source)
            ? File.ReadAllBytes(built)
            : Clang.Compile(source, "-mcpu=v2");
    }
}
