using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Text.RegularExpressions;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Generated;

/// <summary>Our dispatcher and clang's object of the C twin give the same verdict, run by the kernel.</summary>
/// <remarks>
/// The host's kernel may refuse components, so stubs read their verdict from the packet: stub k the u32 at byte 4k, in
/// ours by <see cref="StubBody.FromPacket"/>, in the twin by another definition of its macro REPLACEABLE.
/// </remarks>
public sealed partial class VerdictTests
{
    private const int PacketSize = 64;
    private const int PolicyOffset = 32;
    private const int PolicyCount = 32;

    // All actions, the empty stub, and what has no bit in a policy.
    private static readonly uint[] Verdicts = [0, 1, 2, 3, 4, 31, 34];

    private const string StubsFromPacket = """
        static __attribute__((always_inline)) __u32 word(struct xdp_md *ctx, int at)
        {
        	__u32 *place = (void *)(long)ctx->data + at;
        	return (void *)(place + 1) > (void *)(long)ctx->data_end ? EMPTY_SLOT : *place;
        }
        enum { prog0_at = 0, prog1_at = 4, prog2_at = 8, prog3_at = 12, prog4_at = 16, prog5_at = 20,
               prog6_at = 24, prog7_at = 28, prog8_at = 32, prog9_at = 36, compat_test_at = 40 };
        #define REPLACEABLE(name) \
        	__attribute__((noinline)) int name(struct xdp_md *ctx) { return ctx ? word(ctx, name##_at) : 0; }
        """;

    [RootTheory]
    [InlineData(DispatcherVersion.V1, DispatcherFlavour.Specialised)]
    [InlineData(DispatcherVersion.V1, DispatcherFlavour.Generic)]
    [InlineData(DispatcherVersion.V2, DispatcherFlavour.Specialised)]
    [InlineData(DispatcherVersion.V3, DispatcherFlavour.Specialised)]
    [InlineData(DispatcherVersion.V2, DispatcherFlavour.Generic)]
    [InlineData(DispatcherVersion.V3, DispatcherFlavour.Generic)]
    [Rule("P-044")]
    public void Agrees_with_clangs_object_of_the_twin(DispatcherVersion version, DispatcherFlavour flavour)
    {
        using var bpfFs = new BpfFs();
        for (var slotCount = 1; slotCount <= 3; slotCount++)
        {
            for (var shift = 0; shift < 5; shift++)
            {
                var policies = Enumerable.Range(0, slotCount).Select(i => (uint)(7 * (i + shift) + 4) & 31).ToArray();
                var spec = SpecOf(version, flavour, policies);
                using var ours = ObjectLoader.Load(bpfFs, DispatcherGenerator.Generate(spec, StubBody.FromPacket).WriteElf());
                using var twin = ObjectLoader.Load(bpfFs, Clang.Compile(WithStubsFromPacket(DispatcherSource.Render(spec))));
                var packet = new byte[PacketSize];
                ForEachVerdicts(policies, packet, 0, () => Assert.Equal(twin.Verdict(packet), ours.Verdict(packet)));
            }
        }
    }

    [RootTheory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [Rule("P-044", "P-045")]
    public void Agrees_with_the_twin_over_every_policy_of_up_to_three_slots(int slotCount)
    {
        using var bpfFs = new BpfFs();
        using var twin = ObjectLoader.Load(bpfFs, Clang.Compile(WithPoliciesFromPacket(slotCount)));
        var bpf = LinuxKernel.Open().Bpf;
        var total = (int)Math.Pow(PolicyCount, slotCount);
        var runs = 0L;
        Parallel.ForEach(Partitioner.Create(0, total), range =>
        {
            for (var number = range.Item1; number < range.Item2; number++)
                Interlocked.Add(ref runs, Compare(bpf, twin, [.. Enumerable.Range(0, slotCount).Select(slot => (uint)(number >> (5 * slot)) & 31)]));
        });
        TestContext.Current.TestOutputHelper!.WriteLine($"{runs} packets over {total} policies");
    }

    private static long Compare(IBpf bpf, LoadedObject twin, uint[] policies)
    {
        var packet = new byte[PacketSize];
        for (var slot = 0; slot < policies.Length; slot++)
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(PolicyOffset + 4 * slot), new ChainCallActions(policies[slot]).ToWire());
        using var ours = LoadPlain(bpf, DispatcherGenerator.Generate(SpecOf(DispatcherVersion.V2, DispatcherFlavour.Specialised, policies), StubBody.FromPacket));
        var runs = 0L;
        ForEachVerdicts(policies, packet, 0, () =>
        {
            runs++;
            var (expected, actual) = (twin.Verdict(packet), bpf.TestRun(ours, packet).Verdict);
            if (expected != actual)
                Assert.Fail($"policies {string.Join(' ', policies)}, packet {Convert.ToHexString(packet)}: twin {expected}, ours {actual}");
        });
        return runs;
    }

    // Behind a slot that ends the chain no verdict matters, so only one is tried there.
    private static void ForEachVerdicts(uint[] policies, byte[] packet, int slot, Action check)
    {
        if (slot == policies.Length)
        {
            check();
            return;
        }

        foreach (var verdict in Verdicts)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(packet.AsSpan(4 * slot), verdict);
            if (new ChainCallActions(policies[slot]).ContinuesAfter(verdict))
                ForEachVerdicts(policies, packet, slot + 1, check);
            else
                check();
        }
    }

    private static DispatcherSpec SpecOf(DispatcherVersion version, DispatcherFlavour flavour, uint[] policies) =>
        new(version, [.. policies.Select(policy => new Slot(50, new ChainCallActions(policy)))], flavour);

    // Without BTF and map: only what it does is of interest here, and that 30,000 times.
    private static ProgramFd LoadPlain(IBpf bpf, DispatcherObject dispatcher) => bpf.LoadProgram(new ProgramLoadRequest
    {
        Type = ProgramType.Xdp,
        Name = DispatcherNames.Entry,
        Instructions = BpfEncoding.Encode(dispatcher.Instructions.AsSpan(), !BitConverter.IsLittleEndian),
        License = DispatcherNames.License,
    });

    private static string WithStubsFromPacket(string twin)
    {
        var changed = ReplaceableMacro().Replace(twin, StubsFromPacket.Replace("$", "$$", StringComparison.Ordinal) + "\n", 1);
        Assert.NotEqual(twin, changed);
        return changed;
    }

    private static string WithPoliciesFromPacket(int slotCount)
    {
        var twin = DispatcherSource.Render(GeneratedSpecs.Of(DispatcherVersion.V2, DispatcherFlavour.Specialised, slotCount));
        var slot = 0;
        var changed = PolicyTest().Replace(WithStubsFromPacket(twin), _ => $"goes_on(verdict, word(ctx, {PolicyOffset + 4 * slot++}))");
        Assert.Equal(slotCount, slot);
        return changed;
    }

    [GeneratedRegex(@"#define REPLACEABLE\(name\)(.*\\\n)+.*\n")]
    private static partial Regex ReplaceableMacro();

    [GeneratedRegex(@"goes_on\(verdict, 0x[0-9a-f]+\)")]
    private static partial Regex PolicyTest();
}
