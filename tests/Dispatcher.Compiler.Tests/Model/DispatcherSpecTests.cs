using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Model;

public sealed class DispatcherSpecTests
{
    private static readonly Slot Frags = Slot.Default with { Flags = ProgramFlags.Frags };
    private static readonly Slot DeviceBound = Slot.Default with { Flags = ProgramFlags.DeviceBound };

    [Theory]
    [InlineData(DispatcherVersion.V1)]
    [InlineData((DispatcherVersion)9)]
    public void A_version_that_is_not_generated_is_refused(DispatcherVersion version) =>
        Assert.Contains("use 2 or 3", Assert.Throws<ArgumentException>(() => new DispatcherSpec(version, [Slot.Default])).Message, StringComparison.Ordinal);

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

    [Fact]
    public void A_device_bound_slot_needs_version_3()
    {
        Assert.Contains("needs version 3", Assert.Throws<ArgumentException>(() => new DispatcherSpec(DispatcherVersion.V2, [DeviceBound])).Message, StringComparison.Ordinal);
        Assert.True(new DispatcherSpec(DispatcherVersion.V3, [DeviceBound]).IsDeviceBound);
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
