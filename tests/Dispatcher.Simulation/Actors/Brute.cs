using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Simulation.Engine;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation.Actors;

/// <summary>
/// Attaches a plain program over whatever is there, and empties hooks, as <c>ip link set xdp</c> with force does; removes
/// pins that are not in use yet, without asking for the lock.
/// </summary>
internal static class Brute
{
    private const uint AttachTypeXdp = 37;

    /// <summary>An intent to attach puts a plain program on the hook, one to detach empties it, one to clean removes pins.</summary>
    public static void Act(SimProcess process, Ledger ledger, Func<Strand> strandOf, IReadOnlyList<Intent> intents)
    {
        foreach (var intent in intents)
        {
            var deed = ledger.Open(strandOf(), intent, isOurs: false);
            try
            {
                Force(process, intent);
                ledger.Note(process);
            }
            catch (Exception refused) when (refused is SysError or DispatcherException)
            {
                deed.Error = refused;
            }

            deed.Ended = process.Kernel.Clock;
        }
    }

    private static void Force(SimProcess process, Intent intent)
    {
        if (intent is CleanIntent)
        {
            process.SweepAway("/sys/fs/bpf/xdp");
            return;
        }

        using var program = intent is AttachIntent ? Load(process) : null;
        process.ForceHook(process.Network.Find(intent.Interface), program);
    }

    private static ProgramFd Load(SimProcess process) => process.Port.Bpf.LoadProgram(new ProgramLoadRequest
    {
        Type = ProgramType.Xdp,
        Name = "brute",
        Instructions = Components.Code(),
        License = "GPL",
        ExpectedAttachType = AttachTypeXdp,
    });
}
