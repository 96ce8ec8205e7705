namespace Dispatcher.Runtime;

/// <summary>When a guard attaches again what is missing.</summary>
public enum GuardPolicy
{
    /// <summary>Never: it only reports.</summary>
    ReportOnly,

    /// <summary>When nothing is attached to the interface.</summary>
    WhenEmpty,

    /// <summary>When nothing is attached, or a chain without one of its programs: then through the protocol, beside the others. A chain that lost its pins is mended.</summary>
    WhenMissing,
}

/// <summary>What a guard keeps in place, and how hard it tries.</summary>
public sealed class XdpGuardOptions
{
    /// <summary>Interface in the network namespace of the dispatcher. While it is not there the guard waits, and then guards the next one of this name.</summary>
    public string InterfaceName { get; set; } = "";

    /// <summary>The programs that belong in the chain, each with a function name of its own. One that is in the chain when the guard begins is taken over as it is.</summary>
    public IList<ComponentProgram> Programs { get; } = [];

    /// <summary>See <see cref="AttachOptions"/>: how programs are attached that are not in the chain when the guard begins. One that another process attaches at the same time is kept, whatever <see cref="AttachOptions.IfPresent"/> says.</summary>
    public AttachOptions Attach { get; set; } = new();

    /// <summary>When to attach again. Default: <see cref="GuardPolicy.WhenMissing"/>.</summary>
    public GuardPolicy Policy { get; set; } = GuardPolicy.WhenMissing;

    /// <summary>Attempts to attach, or to mend and attach, within <see cref="Window"/>, 1 to 1000; with one more to make the guard gives up. Default: 5.</summary>
    public int MostAttempts { get; set; } = 5;

    /// <summary>See <see cref="MostAttempts"/>. Longer than nothing; default: 1 min.</summary>
    public TimeSpan Window { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>Pause before another attempt after one that failed. Default: 1 s.</summary>
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>
    /// Whether a guard that is stopped, by the token of <see cref="XdpGuard.RunAsync"/> or by its host, detaches the programs that it holds, in one step
    /// and within the deadline of the dispatcher; what comes of it is reported, and a failure does not disturb the end. Default: no, they run on.
    /// </summary>
    /// <remarks>
    /// It holds what it found in the chain, too, and what another process put in the place of its own: leave it off where a newer process takes over while
    /// this one stops. A process that is killed detaches nothing. Another guard of the same program puts it back.
    /// </remarks>
    public bool DetachWhenStopped { get; set; }

    /// <summary>
    /// Of a guard that runs as a hosted service: whether the host stops when the guard ends by itself, because it gave up, or because the chain cannot be
    /// read when it begins. The exit code of the process becomes 1 if none was set. Default: no, the host runs on without its guard, and
    /// the log says so.
    /// </summary>
    /// <remarks>
    /// What is in the chain stays there. Under systemd with <c>Restart=on-failure</c> the product starts again, and its guard with all of its attempts: the
    /// bound of <see cref="MostAttempts"/> holds for each start, so bound the starts as well (<c>RestartSec</c>, <c>StartLimitBurst</c>), or two products that
    /// evict each other fight through their service managers.
    /// </remarks>
    public bool StopHostWhenEnded { get; set; }

    /// <summary>
    /// Told of every report of a guard that runs as a hosted service, beside the log, and by every guard of what came of <see cref="DetachWhenStopped"/>;
    /// null: nobody is.
    /// </summary>
    public Action<GuardReport>? Reported { get; set; }

    /// <summary>See <see cref="WatchOptions.LookInterval"/>.</summary>
    public TimeSpan LookInterval { get; set; } = new WatchOptions().LookInterval;
}
