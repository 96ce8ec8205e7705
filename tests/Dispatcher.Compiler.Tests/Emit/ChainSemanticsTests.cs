using System.Collections.Immutable;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

public sealed class ChainSemanticsTests
{
    private static readonly ImmutableArray<uint> Verdicts = [0, 1, 2, 3, 4, 5, 31, 34, 0xffffffff];

    // Every set of the five actions, and sets that only a foreign config may hold.
    private static readonly ImmutableArray<ChainCallActions> Policies =
        [.. Enumerable.Range(0, 32).Select(mask => new ChainCallActions((uint)mask)), new(0x7fffffff), new(0x20), new(0x40000000), new(0x55555555), new(0x3ffffffb)];

    [Theory]
    [InlineData(DispatcherFlavour.Specialised, 1)]
    [InlineData(DispatcherFlavour.Specialised, 2)]
    [InlineData(DispatcherFlavour.Generic, 1)]
    [InlineData(DispatcherFlavour.Generic, 2)]
    [Rule("P-044", "P-045", "P-046")]
    public void Up_to_two_slots_of_any_policy_answer_every_verdict_as_the_protocol_says(DispatcherFlavour flavour, int slots) =>
        Assert.True(RunAll(flavour, slots, Policies) > 300);

    [Theory]
    [InlineData(DispatcherFlavour.Specialised)]
    [InlineData(DispatcherFlavour.Generic)]
    public void Three_slots_of_any_set_of_actions_answer_every_verdict_as_the_protocol_says(DispatcherFlavour flavour) =>
        Assert.True(RunAll(flavour, 3, Policies[..32]) > 32 * 32 * 32 * 9);

    [Fact]
    [Rule("P-044", "P-045")]
    public void Any_policy_of_32_bits_answers_every_verdict_as_the_protocol_says()
    {
        for (var seed = 0; seed < 300; seed++)
        {
            var random = new Random(seed);
            var slots = Enumerable.Range(0, 2).Select(_ => new Slot(0, new ChainCallActions((uint)random.NextInt64(1L << 31) & (uint)random.NextInt64(1L << 31))));
            var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [.. slots]));
            Walk(dispatcher, dispatcher.Spec, [.. Enumerable.Range(0, 34).Select(v => (uint)v), 63, 64, 66, 0x80000002]);
        }
    }

    [Fact]
    [Rule("P-044", "P-046")]
    public void Ten_slots_run_in_order_and_end_with_pass()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            for (var end = 0; end <= spec.Slots.Length; end++)
            {
                var asked = new List<int>();
                var machine = new BpfMachine(dispatcher, dispatcher.ConfigBytes())
                {
                    Components = slot =>
                    {
                        asked.Add(slot);
                        return slot == end ? 99u : DispatcherLimits.EmptyStubVerdict;
                    },
                };
                Assert.Equal(end == spec.Slots.Length ? (uint)XdpAction.Pass : 99u, machine.Run());
                Assert.Equal(Enumerable.Range(0, Math.Min(end + 1, spec.Slots.Length)), asked);
            }
        }
    }

    [Fact]
    [Rule("P-042", "P-046")]
    public void An_empty_dispatcher_passes_every_packet()
    {
        foreach (var spec in SampleSpecs.All().Concat(Enum.GetValues<DispatcherVersion>().Select(version => new DispatcherSpec(version, [], DispatcherFlavour.Generic))))
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            Assert.Equal((uint)XdpAction.Pass, new BpfMachine(dispatcher, dispatcher.ConfigBytes()).Run());
        }
    }

    [Fact]
    public void The_generic_flavour_follows_the_config_that_a_loader_fills_in()
    {
        foreach (var filled in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(filled.Version, [], DispatcherFlavour.Generic));
            var asked = 0;
            var machine = new BpfMachine(dispatcher, filled.ToConfig().Encode()) { Components = _ => { asked++; return 31u; } };
            Assert.Equal((uint)XdpAction.Pass, machine.Run());
            Assert.Equal(filled.Slots.Length, asked);
        }
    }

    [Fact]
    public void Only_a_config_with_more_slots_than_there_are_reaches_compat_test()
    {
        foreach (var spec in SampleSpecs.All().Where(s => s is { Flavour: DispatcherFlavour.Generic, Slots.Length: DispatcherLimits.MaxSlots }))
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            var config = dispatcher.ConfigBytes();
            config[DispatcherConfig.CountOffsetOf(spec.Version)] = DispatcherLimits.MaxSlots + 1;
            Assert.Equal(77u, new BpfMachine(dispatcher, config) { Components = slot => slot == BpfMachine.CompatTest ? 77u : 31u }.Run());
        }
    }

    [Fact]
    public void Stubs_for_tests_do_what_they_say()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var count = spec.Slots.Length;
            ImmutableArray<uint> verdicts = [.. Enumerable.Range(0, count).Select(i => i == count - 1 ? 0xfffffff0u : 31u)];
            var returning = DispatcherGenerator.Generate(spec, StubBody.Returning(verdicts));
            Assert.Equal(0xfffffff0u, new BpfMachine(returning, returning.ConfigBytes()).Run());

            var reading = DispatcherGenerator.Generate(spec, StubBody.FromPacket);
            byte[] packet = [.. verdicts.SelectMany(BitConverter.GetBytes)];
            Assert.Equal(0xfffffff0u, new BpfMachine(reading, reading.ConfigBytes()) { Packet = packet }.Run());
            Assert.Equal((uint)XdpAction.Pass, new BpfMachine(reading, reading.ConfigBytes()) { Packet = packet[..^1] }.Run());
        }
    }

    private static int RunAll(DispatcherFlavour flavour, int slots, ImmutableArray<ChainCallActions> policies)
    {
        var runs = 0;
        DispatcherObject? dispatcher = null;
        var policyOf = new int[slots];
        do
        {
            var spec = new DispatcherSpec(DispatcherVersion.V2, [.. policyOf.Select(p => new Slot(0, policies[p]))], flavour);
            // The generic code is the same whatever the policy, so one dispatcher serves with many configs.
            if (dispatcher is null || flavour == DispatcherFlavour.Specialised)
                dispatcher = DispatcherGenerator.Generate(spec);
            runs += Walk(dispatcher, spec, Verdicts);
        }
        while (Next(policyOf, policies.Length));

        return runs;
    }

    // A slot is asked for its verdict only when it runs, so this walks the tree of what can happen: every verdict of
    // every slot that is reached. That a slot is reached exactly when it should be is checked on the way.
    private static int Walk(DispatcherObject dispatcher, DispatcherSpec spec, ImmutableArray<uint> choices)
    {
        var chosen = new uint[spec.Slots.Length];
        var asked = 0;
        var machine = new BpfMachine(dispatcher, spec.ToConfig().Encode())
        {
            Components = slot => slot == asked++ ? chosen[slot] : throw new InvalidOperationException($"slot {slot} runs out of turn"),
        };
        return WalkFrom(0);

        int WalkFrom(int depth)
        {
            var runs = 0;
            foreach (var choice in choices)
            {
                chosen[depth] = choice;
                var goesOn = spec.Slots[depth].Actions.ContinuesAfter(choice);
                if (goesOn && depth + 1 < chosen.Length)
                {
                    runs += WalkFrom(depth + 1);
                    continue;
                }

                asked = 0;
                var expected = goesOn ? (uint)XdpAction.Pass : choice;
                var got = machine.Run();
                if (got != expected || asked != depth + 1)
                    Assert.Fail($"{spec.Flavour} [{string.Join("; ", spec.Slots.Select(s => s.Actions))}] after [{string.Join(' ', chosen[..(depth + 1)])}]: {got} after {asked} slots, not {expected}");
                runs++;
            }

            return runs;
        }
    }

    private static bool Next(int[] digits, int radix)
    {
        for (var i = digits.Length - 1; i >= 0; i--)
        {
            if (++digits[i] < radix)
                return true;
            digits[i] = 0;
        }

        return false;
    }
}
