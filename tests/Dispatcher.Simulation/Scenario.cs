using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Simulation.Actors;
using Dispatcher.SimulatedKernel;

namespace Dispatcher.Simulation;

/// <summary>Who is in a run, and the machine before it.</summary>
/// <param name="Name">For people.</param>
/// <param name="Chain">Components on eth0 at the beginning: the first, <c>firewall</c>, drops packets that begin with 1.</param>
/// <param name="Cast">What each process does.</param>
internal sealed record Scenario(string Name, ImmutableArray<string> Chain, ImmutableArray<Role> Cast)
{
    /// <summary>The component that must never be bypassed.</summary>
    public const string Firewall = "firewall";

    /// <summary>A packet that the firewall drops.</summary>
    public static ImmutableArray<byte> BadPacket { get; } = [1, .. new byte[63]];

    /// <summary>
    /// Whether somebody removes pins without the lock. When a process of ours dies then before it makes them again, a slot
    /// is dead and nothing can help: such a scenario is played without faults.
    /// </summary>
    public bool HasLawlessCleaner => Cast.Any(role => role.Part == Part.Brute && role.Intents.Any(intent => intent is CleanIntent));

    /// <summary>Whether every process does the same.</summary>
    public bool IsSymmetric => Cast.All(role => role.Part == Cast[0].Part && role.Intents.SequenceEqual(Cast[0].Intents));

    /// <summary>Version of the chain at the beginning.</summary>
    public DispatcherVersion Version { get; init; } = DispatcherVersion.V2;

    /// <summary>Interfaces with that chain, <c>eth0</c> and on.</summary>
    public int Interfaces { get; init; } = 1;

    /// <summary>Whether one dispatcher is on all of them.</summary>
    public bool IsShared { get; init; }

    /// <summary>How many calls after an unlink the kernel frees what was pinned.</summary>
    public int FreeingLag { get; init; } = 2;

    /// <summary>The machine before the run.</summary>
    /// <exception cref="Checkers.ViolationException">Not even this works, with nobody else about.</exception>
    public SimKernel Arrange()
    {
        var kernel = new SimKernel { CountsIdsByProcess = true, CallTime = TimeSpan.Zero, FreeingLag = FreeingLag };
        kernel.Behaviours[Firewall] = packet => packet[0] == 1 ? (uint)XdpAction.Drop : (uint)XdpAction.Pass;
        kernel.BpfFs.MakeDirectory("/sys/fs/bpf/xdp");
        var names = Enumerable.Range(0, Interfaces).Select(number => kernel.Network.Add($"eth{number}").Name).ToList();
        if (!Chain.IsEmpty)
        {
            var process = kernel.StartProcess("before");
            foreach (var together in IsShared ? [names] : names.Select(name => new List<string> { name }))
                Attach(OurActor.Library(process), together, [.. Chain.Select((component, place) => Components.Make(component, (uint)(10 * (place + 1))))]);
            process.Kill();
        }

        kernel.Settle();
        return kernel;
    }

    private void Attach(XdpDispatcher library, IReadOnlyList<string> names, IReadOnlyList<ComponentProgram> components)
    {
        var request = new AttachRequest(components, new AttachOptions { Protocol = Version });
        if (library.ApplyToAll(names, request, new BatchOptions(), CancellationToken.None).FirstFailure is { } failure)
            throw new Checkers.ViolationException($"an attach with nobody else about fails: {failure.Message}") { Checker = nameof(Arrange) };
    }
}

/// <summary>A process and what it does.</summary>
/// <param name="Name">For people.</param>
/// <param name="Part">Ours, or whose algorithm it follows.</param>
/// <param name="Intents">What it asks for, in order.</param>
internal sealed record Role(string Name, Part Part, ImmutableArray<Intent> Intents);

/// <summary>Whose code a process runs.</summary>
internal enum Part
{
    /// <summary>The library.</summary>
    Ours,

    /// <summary>The algorithm of libxdp 1.3.</summary>
    Libxdp13,

    /// <summary>The algorithm of libxdp 1.6.</summary>
    Libxdp16,

    /// <summary>Attaches and detaches without any protocol.</summary>
    Brute,
}
