using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Planning;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Jumbo frames, and what keeps a chain from them, on the running kernel.</summary>
public sealed class FragsTests
{
    private const int Jumbo = 9000;
    private static readonly bool KernelHasFrags = Environment.OSVersion.Version >= new Version(5, 18);

    [ExtFact]
    [Rule("P-019", "P-048", "P-066")]
    public async Task Jumbo_frames_pass_a_chain_of_two_components_that_take_them()
    {
        Need.That(KernelHasFrags, "Frags", "needs a kernel with XDP frags");
        using var ns = new NetNamespace();
        using var chain = new ChainFixture(ns);
        chain.Pair.AddAddresses("10.77.0.1/24", "10.77.0.2/24");
        chain.SetMtu(Jumbo);
        var first = ComponentProgram.FromElfFile(ComponentObject.PathOf("frags"));

        var added = await chain.Attach(chain.One, first, first with { Priority = 60 });

        Assert.True(added.After.Chain!.HasFrags);
        Assert.Equal(AttachMode.Native, added.After.Mode);
        Assert.Equal(ChangeNoteKind.SameName, Assert.Single(added.Notes).Kind);
        chain.Pair.Right.Run("ping", "-c", "3", "-i", "0.2", "-W", "5", "-s", "8000", "-M", "do", "10.77.0.1").OrFail();
        foreach (var program in added.Programs)
            Assert.True(BytesSeen(program.Id) > 3 * 8000, $"slot {program.Slot} saw {BytesSeen(program.Id)} bytes");
    }

    [ExtFact]
    public async Task A_newcomer_without_frags_is_foreseen_to_be_refused_and_the_chain_stays()
    {
        Need.That(KernelHasFrags, "Frags", "needs a kernel with XDP frags");
        using var chain = new ChainFixture();
        chain.SetMtu(Jumbo);
        await chain.Attach(chain.One, Taking("jumbo"));
        var before = await chain.Read();
        var pins = chain.Pins;

        var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.Attach(chain.Other, Returning("plain", XdpAction.Pass)));

        Assert.Contains("plain does not take packets in several buffers", refused.Message, StringComparison.Ordinal);
        Assert.Contains("Nothing was loaded", refused.Message, StringComparison.Ordinal);
        Assert.Equal(before.Chain!.DispatcherId, (await chain.Read()).Chain!.DispatcherId);
        Assert.Equal(pins, chain.Pins);
        chain.SetMtu(BufferLimit.MaxMtu);
        var joined = await chain.Attach(chain.Other, Returning("plain", XdpAction.Pass));
        Assert.Equal(ChangeNoteKind.FragsDowngraded, Assert.Single(joined.Notes).Kind);
        Assert.Equal(["plain"], (await chain.Read()).Chain!.FragsPreventedBy.Select(program => program.Name));
    }

    [ExtFact]
    public async Task The_other_end_is_looked_at_in_its_own_namespace()
    {
        using var ns = new NetNamespace();
        using var chain = new ChainFixture(ns);
        chain.Pair.Right.Run("ip", "link", "set", chain.Pair.Right.Name, "mtu", $"{BufferLimit.MaxMtu + 1}").OrFail();

        var refused = await Assert.ThrowsAsync<RefusedException>(() => chain.Attach(chain.One, Returning("plain", XdpAction.Pass)));

        Assert.Contains("Nothing was loaded", refused.Message, StringComparison.Ordinal);
        Assert.Contains(chain.Pair.Right.Name, refused.Message, StringComparison.Ordinal);
        var skb = new AttachOptions { Mode = AttachMode.Skb };
        await chain.One.AttachAsync(chain.Interface, [Returning("plain", XdpAction.Pass)], skb, Cancellation);
    }

    [ExtFact]
    [Rule("P-019")]
    public async Task A_kernel_without_frags_runs_the_component_without_and_refuses_only_what_needs_them()
    {
        Need.That(!KernelHasFrags, "NoFrags", "needs a kernel without XDP frags");
        using var chain = new ChainFixture();

        var added = await chain.Attach(chain.One, Taking("jumbo"));

        Assert.False(added.After.Chain!.HasFrags);
        Assert.Equal(ChangeNoteKind.FragsUnsupported, Assert.Single(added.Notes).Kind);
        Assert.Equal(XdpAction.Pass, await chain.Verdict());
        await chain.One.DetachAsync(chain.Interface, ComponentSelection.All, Cancellation);
        chain.SetMtu(Jumbo);
        var unsupported = await Assert.ThrowsAsync<UnsupportedKernelException>(() => chain.Attach(chain.One, Taking("jumbo")));
        Assert.Equal("5.18", unsupported.MinimumKernel);
        Assert.Equal(["xdp"], chain.Pins);
        await chain.One.AttachAsync(chain.Interface, [Taking("jumbo")], new AttachOptions { Mode = AttachMode.Skb }, Cancellation);
    }

    private static ComponentProgram Taking(string name) => Returning(name, XdpAction.Pass) with { Flags = ProgramFlags.Frags };

    // struct xdp_traffic: packets, then bytes.
    private static ulong BytesSeen(ProgramId id)
    {
        var bpf = LinuxKernel.Open().Bpf;
        using var program = bpf.OpenProgram(id)!;
        using var map = bpf.OpenMap(bpf.GetInfo(program).MapIds[0])!;
        return BitConverter.ToUInt64(bpf.ReadFirstElement(map, bpf.GetInfo(map).ValueSize), sizeof(ulong));
    }
}
