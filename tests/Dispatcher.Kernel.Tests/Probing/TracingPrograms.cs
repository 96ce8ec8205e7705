using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>The tracing programs that are loaded on this machine.</summary>
internal static class TracingPrograms
{
    /// <summary>How many of a name there are.</summary>
    public static int Count(string name)
    {
        var bpf = LinuxKernel.Open().Bpf;
        var count = 0;
        for (var id = bpf.NextProgram(null); id is not null; id = bpf.NextProgram(id))
        {
            using var program = bpf.OpenProgram(id.Value);
            if (program is not null && bpf.GetInfo(program) is { Type: ProgramType.Tracing } info && info.Name == name)
                count++;
        }

        return count;
    }

    /// <summary>Waits until none is left: the kernel frees a program a little after its last fd.</summary>
    public static async Task AreGone(string name)
    {
        while (Count(name) > 0)
            await Task.Delay(20, TestContext.Current.CancellationToken);
    }
}
