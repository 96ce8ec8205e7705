using System.Text;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Engine;

/// <summary>The state of a run: the machine, and how far each process has come.</summary>
internal static class MachineState
{
    private const string PinRoot = "/sys/fs/bpf/xdp";

    /// <summary>Two moments with the same digest have the same future.</summary>
    public static Digest Of(Run run)
    {
        var text = new StringBuilder();
        foreach (var strand in run.Strands)
        {
            text.Append(strand.Index).Append(strand.HasEnded ? 'E' : strand.HasBegun ? 'B' : 'N').Append(strand.Process.IsAlive ? 'a' : 'd')
                .Append(strand.Blocker is null ? '-' : 'w').Append(strand.History.High).Append(' ').Append(strand.History.Low).Append(' ').Append(strand.Faults).Append('\n');
        }

        text.Append(run.Disturbances).Append('\n');
        AppendMachine(text, run.Kernel);
        return default(Digest).With(text.ToString());
    }

    private static void AppendMachine(StringBuilder text, SimKernel kernel)
    {
        foreach (var found in kernel.Networks.SelectMany(network => network.Interfaces))
        {
            text.Append(found.Index);
            foreach (var attached in found.Read().Attached)
                text.Append(' ').Append(attached.Mode).Append(attached.ProgramId);
            text.Append('\n');
        }

        foreach (var entry in kernel.BpfFs.Everything)
            text.Append(entry).Append('\n');
        if (kernel.BpfFs.IsOn(PinRoot))
            text.Append("lock ").Append(kernel.BpfFs.FindDirectory(PinRoot).Lock?.Owner.Pid ?? 0).Append('\n');
        foreach (var program in kernel.Programs.All)
            text.Append(program.Id).Append(' ');
        foreach (var link in kernel.Links.All)
            text.Append(link.Id).Append(' ');
        foreach (var process in kernel.Processes.Where(process => process.IsAlive))
            text.Append('\n').Append(process.Pid).Append(' ').AppendJoin(',', process.OpenFds);
        text.Append('\n').AppendJoin(' ', kernel.PutOff);
        text.Append('\n').Append(kernel.Clock.Ticks);
    }
}
