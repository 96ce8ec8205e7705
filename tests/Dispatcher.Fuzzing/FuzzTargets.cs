using Dispatcher.Fuzzing.Targets;

namespace Dispatcher.Fuzzing;

/// <summary>Every reader that is fuzzed.</summary>
internal static class FuzzTargets
{
    /// <summary>All, in the order of the report.</summary>
    public static IReadOnlyList<IFuzzTarget> All { get; } =
    [
        new BtfTarget(), new BtfExtTarget(), new RunConfigTarget(), new ElfTarget(), new CodeTarget(), new ConfigTarget(),
        new ComponentTarget(), new NetlinkTarget(), new PinNameTarget(), new FdInfoTarget(), new MountTableTarget(),
        new LockTableTarget(), new VerifierLogTarget(), new OptionsTarget(), new InspectTarget(), new CommandLineTarget(), new SlotTarget(),
        new PcapTarget(),
    ];

    /// <summary>Names of the readers whose corpus a suite replays.</summary>
    /// <param name="suite">compiler, runtime or cli.</param>
    public static IEnumerable<string> NamesOf(string suite) => All.Where(target => target.Suite == suite).Select(target => target.Name);

    /// <summary>The reader of a name. Null: there is none.</summary>
    public static IFuzzTarget? Find(string name) => All.FirstOrDefault(target => target.Name == name);
}
