using Dispatcher.Runtime;
using Dispatcher.Simulation.Actors;

namespace Dispatcher.Simulation.Checkers;

/// <summary>When all is over there are pins and objects of the chains on the hooks and no others; after a crash or a fault, once one clean-up has run.</summary>
internal sealed class NothingLeft : ICheck
{
    private const string PinRoot = "/sys/fs/bpf/xdp";

    public void AtEnd(Stage stage)
    {
        foreach (var strand in stage.Run.Strands)
        {
            if (strand.Process.IsAlive && (strand.Process.OpenFds.Count > 0 || strand.Process.LockCount > 0))
                throw new ViolationException($"{strand.Name} still holds {string.Join(", ", strand.Process.OpenFds)}");
            strand.Process.Kill();
        }

        if (NeedsCleanUp(stage))
        {
            var cleaner = stage.Kernel.StartProcess("cleaner");
            OurActor.Library(cleaner).Clean(new CleanOptions { Repair = true }, CancellationToken.None);
            cleaner.Kill();
        }

        stage.Kernel.Settle();
        ComparePins(stage);
        CompareObjects(stage);
    }

    // One process of libxdp takes its own pins away, unless it dies or is kept from it; a brute leaves those of whom it displaced.
    private static bool NeedsCleanUp(Stage stage)
    {
        var rivals = stage.Scenario.Cast.Where(role => role.Part != Part.Ours).ToList();
        return stage.Run.Disturbances > 0 || rivals.Count > 1
            || rivals.Exists(role => role.Part == Part.Brute || role.Intents.Any(intent => intent is CleanIntent) || role.Intents.Length > 1);
    }

    private static void ComparePins(Stage stage)
    {
        var wanted = stage.Kernel.Network.Interfaces.Select(found => (found.Index, Content: HookContent.Of(found))).Where(each => each.Content.IsChain)
            .Select(each => $"dispatch-{each.Index}-{each.Content.Program}").Order(StringComparer.Ordinal);
        var found = stage.Kernel.BpfFs.List(PinRoot);
        if (!found.SequenceEqual(wanted))
            throw new ViolationException($"pins are left over: {string.Join(' ', found)} where {string.Join(' ', wanted)} should be");
    }

    private static void CompareObjects(Stage stage)
    {
        var contents = stage.Kernel.Network.Interfaces.Select(HookContent.Of).ToList();
        var programs = contents.SelectMany(content => content.Items.Select(item => item.Id).Append(content.Program)).Where(id => id != 0).Distinct().Count();
        var links = contents.DistinctBy(content => content.Program).Sum(content => content.Items.Length);
        if (stage.Kernel.Programs.All.Length != programs || stage.Kernel.Links.All.Length != links)
        {
            throw new ViolationException(
                $"{stage.Kernel.Programs.All.Length} programs and {stage.Kernel.Links.All.Length} links live, where {programs} and {links} should");
        }
    }
}
