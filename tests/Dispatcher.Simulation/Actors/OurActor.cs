using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Simulation.Engine;
using Dispatcher.SimulatedKernel;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dispatcher.Simulation.Actors;

/// <summary>A process that asks the library for one thing after the other; the library runs unchanged.</summary>
internal static class OurActor
{
    /// <summary>What the process does.</summary>
    /// <param name="process">Its port.</param>
    /// <param name="ledger">Where it writes what it asks and hears.</param>
    /// <param name="strandOf">Its strand.</param>
    /// <param name="intents">In order.</param>
    public static void Act(SimProcess process, Ledger ledger, Func<Strand> strandOf, IReadOnlyList<Intent> intents)
    {
        var dispatcher = Library(process);
        foreach (var intent in intents)
        {
            if (intent is BatchIntent batch)
            {
                ActOnAll(dispatcher, process, ledger, strandOf(), batch);
                continue;
            }

            var deed = ledger.Open(strandOf(), intent, isOurs: true);
            try
            {
                deed.Result = intent.Ask(dispatcher);
            }
            catch (DispatcherException failure)
            {
                deed.Error = failure;
            }

            deed.Ended = process.Kernel.Clock;
        }
    }

    private static void ActOnAll(XdpDispatcher dispatcher, SimProcess process, Ledger ledger, Strand strand, BatchIntent batch)
    {
        var deeds = batch.Each.Select(intent => ledger.Open(strand, intent, isOurs: true, batch)).ToList();
        var outcomes = ((BatchResult)batch.Ask(dispatcher)).Interfaces;
        foreach (var (deed, outcome) in deeds.Zip(outcomes))
        {
            deed.Siblings = deeds;
            deed.Outcome = outcome.Kind;
            deed.Result = outcome.Kind is InterfaceOutcomeKind.Changed or InterfaceOutcomeKind.Unchanged ? outcome.Result : null;
            deed.Error = deed.Result is null ? (Exception?)outcome.Failure ?? new InvalidOperationException($"{outcome.Kind}") : null;
            deed.Ended = process.Kernel.Clock;
        }
    }

    /// <summary>The library in a process.</summary>
    public static XdpDispatcher Library(SimProcess process) =>
        new(process.Port, new XdpDispatcherOptions { BpfFsPath = "/sys/fs/bpf", MountBpfFs = false }, NullLogger.Instance);
}
