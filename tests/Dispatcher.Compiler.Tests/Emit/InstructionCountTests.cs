using System.Globalization;
using System.Text;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

public sealed class InstructionCountTests
{
    [Fact]
    public void A_packet_that_all_slots_let_through_costs_at_most_four_instructions_per_slot_whatever_the_policy()
    {
        for (var count = 1; count <= DispatcherLimits.MaxSlots; count++)
        {
            for (var mask = 0u; mask < 32; mask++)
            {
                var slot = new Slot(0, new ChainCallActions(mask));
                var steps = CommonPath(new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Repeat(slot, count)]));
                Assert.True(steps <= 4 * count, $"{count} slots of {slot.Actions}: {steps} instructions");
            }
        }
    }

    [Fact]
    public void The_usual_policy_costs_three_instructions_per_slot_and_one_to_keep_the_context()
    {
        for (var count = 2; count <= DispatcherLimits.MaxSlots; count++)
            Assert.Equal(3 * count + 1, CommonPath(new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Repeat(Slot.Default, count)])));
    }

    [Fact]
    public void The_generic_flavour_costs_six_instructions_per_slot_of_which_the_verifier_drops_two()
    {
        for (var count = 1; count <= DispatcherLimits.MaxSlots; count++)
        {
            var steps = CommonPath(new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Repeat(Slot.Default, count)], DispatcherFlavour.Generic));
            Assert.Equal(6 * count + 6, steps);
        }
    }

    [Fact]
    public void Sizes_do_not_grow_unseen()
    {
        var text = new StringBuilder();
        foreach (var flavour in Enum.GetValues<DispatcherFlavour>())
        {
            for (var count = 1; count <= DispatcherLimits.MaxSlots; count++)
            {
                var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Repeat(Slot.Default, count)], flavour));
                text.Append(
                    CultureInfo.InvariantCulture,
                    $"{flavour,-12} {count,2} slots: entry {dispatcher.Functions[0].Count,3}, all {dispatcher.Instructions.Length,3} instructions, object {dispatcher.WriteElf().Length,4} bytes\n");
            }
        }

        Snapshot.Verify(text.ToString());
    }

    private static int CommonPath(DispatcherSpec spec)
    {
        var dispatcher = DispatcherGenerator.Generate(spec);
        var machine = new BpfMachine(dispatcher, dispatcher.ConfigBytes()) { Components = slot => (uint)SlotPolicy.Of(spec.Slots[slot]).CommonVerdict };
        Assert.Equal((uint)XdpAction.Pass, machine.Run());
        return machine.EntrySteps;
    }
}
