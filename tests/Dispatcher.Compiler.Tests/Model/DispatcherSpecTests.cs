using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Model;

public sealed class DispatcherSpecTests
{
    private static readonly Slot Frags = Slot.Default with { Flags = ProgramFlags.Frags };
    private static readonly Slot DeviceBound = Slot.Default with { Flags = ProgramFlags.DeviceBound };

    [Theory]
    [InlineData((DispatcherVersion)0)]
    [InlineData((DispatcherVersion)4)]
    public void A_version_that_there_is_not_is_refused(DispatcherVersion version) =>
        Assert.Contains("use 1, 2 or 3", Assert.Throws<ArgumentException>(() => new DispatcherSpec(version, [Slot.Default])).Message, StringComparison.Ordinal);

    [Fact]
    public void One_to_ten_slots_are_accepted_and_others_refused()
    {
        for (var count = 0; count <= 12; count++)
        {
            var slots = Enumerable.Repeat(Slot.Default, count).ToImmutableArray();
            if (count is >= 1 and <= 10)
                Assert.Equal(count, new DispatcherSpec(DispatcherVersion.V2, slots).Slots.Length);
            else
                Assert.Contains($"not {count}", Assert.Throws<ArgumentException>(() => new DispatcherSpec(DispatcherVersion.V2, slots)).Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_list_that_is_not_there_is_refused() =>
        Assert.Throws<ArgumentException>(() => new DispatcherSpec(DispatcherVersion.V2, default));

    [Fact]
    public void A_generic_dispatcher_may_start_empty() =>
        Assert.Empty(new DispatcherSpec(DispatcherVersion.V3, [], DispatcherFlavour.Generic).Slots);

    [Theory]
    [InlineData(DispatcherVersion.V1, ProgramFlags.Frags, "Slot 1 takes frags, which version 1 cannot say; use version 2 or 3, or leave the flag out.")]
    [InlineData(DispatcherVersion.V1, ProgramFlags.DeviceBound, "Slot 1 is device-bound, which version 1 cannot say; use version 3.")]
    [InlineData(DispatcherVersion.V1, (ProgramFlags)0x80, "Slot 1 has flags 0x80, which version 1 cannot say; use version 2 or 3, or leave the flag out.")]
    [InlineData(DispatcherVersion.V2, ProgramFlags.Frags | ProgramFlags.DeviceBound, "Slot 1 is device-bound, which version 2 cannot say; use version 3.")]
    public void A_flag_that_the_version_cannot_say_is_refused(DispatcherVersion version, ProgramFlags flags, string message) =>
        Assert.StartsWith(
            message, Assert.Throws<ArgumentException>(() => new DispatcherSpec(version, [Slot.Default, Slot.Default with { Flags = flags }])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_flag_that_the_version_can_say_is_kept()
    {
        Assert.True(new DispatcherSpec(DispatcherVersion.V2, [Frags]).HasFrags);
        Assert.True(new DispatcherSpec(DispatcherVersion.V3, [DeviceBound]).IsDeviceBound);
        Assert.Equal((ProgramFlags)0x80, new DispatcherSpec(DispatcherVersion.V2, [Slot.Default with { Flags = (ProgramFlags)0x80 }]).Slots[0].Flags);
    }

    [Fact]
    public void The_lowest_version_is_2_and_3_with_a_device_bound_slot()
    {
        Assert.Equal(DispatcherVersion.V2, DispatcherVersions.LowestFor([]));
        Assert.Equal(DispatcherVersion.V2, DispatcherVersions.LowestFor([Slot.Default, Frags]));
        Assert.Equal(DispatcherVersion.V3, DispatcherVersions.LowestFor([Frags, DeviceBound]));
    }

    [Fact]
    [Rule("P-019", "P-020")]
    public void Frags_and_device_binding_hold_only_when_every_slot_has_them()
    {
        Assert.True(new DispatcherSpec(DispatcherVersion.V3, [Frags, Frags]).HasFrags);
        Assert.False(new DispatcherSpec(DispatcherVersion.V3, [Frags, Slot.Default]).HasFrags);
        Assert.False(new DispatcherSpec(DispatcherVersion.V3, [DeviceBound, Slot.Default]).IsDeviceBound);
        Assert.False(new DispatcherSpec(DispatcherVersion.V3, [], DispatcherFlavour.Generic).HasFrags);
    }

    [Fact]
    public void The_config_repeats_the_spec()
    {
        var spec = new DispatcherSpec(DispatcherVersion.V2, [Frags, Frags with { Priority = 7 }]);
        Assert.Equal(new DispatcherConfig(DispatcherVersion.V2, [Frags, Frags with { Priority = 7 }], HasFrags: true), spec.ToConfig());
    }

    [Fact]
    public void Equality_is_by_contents()
    {
        var (one, same) = (new DispatcherSpec(DispatcherVersion.V2, [Frags]), new DispatcherSpec(DispatcherVersion.V2, [Frags with { }]));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, new DispatcherSpec(DispatcherVersion.V2, [Slot.Default]));
        Assert.NotEqual(one, new DispatcherSpec(DispatcherVersion.V3, [Frags]));
        Assert.NotEqual(one, new DispatcherSpec(DispatcherVersion.V2, [Frags], DispatcherFlavour.Generic));
    }
}
