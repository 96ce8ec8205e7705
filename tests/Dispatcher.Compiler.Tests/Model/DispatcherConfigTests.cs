using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Model;

public sealed class DispatcherConfigTests
{
    public static TheoryData<DispatcherVersion, bool> Layouts => new MatrixTheoryData<DispatcherVersion, bool>(Enum.GetValues<DispatcherVersion>(), [false, true]);

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Encode_then_decode_is_identity(DispatcherVersion version, bool bigEndian)
    {
        for (var seed = 0; seed < 500; seed++)
        {
            var config = Make(seed, version);
            var bytes = config.Encode(bigEndian);
            Assert.Equal(DispatcherConfig.SizeOf(version), bytes.Length);
            Assert.Equal(config, DispatcherConfig.Decode(bytes, version, bigEndian));
        }
    }

    [Fact]
    [Rule("P-010", "P-013", "P-014")]
    public void Version_1_bytes_are_the_ones_of_libxdp_1_2() => AssertBytes(
        new DispatcherConfig(DispatcherVersion.V1, Slots(ProgramFlags.None)),
        (0, [2, 0, 0, 0]),
        (4, [4, 0, 0, 0x80, 0x1f, 0, 0, 0x80]),
        (44, [10, 0, 0, 0, 0x2c, 1, 0, 0]));

    [Fact]
    [Rule("P-011", "P-013", "P-014")]
    public void Version_2_bytes_are_the_ones_of_libxdp_1_3() => AssertBytes(
        new DispatcherConfig(DispatcherVersion.V2, Slots(ProgramFlags.Frags), HasFrags: true),
        (0, [236, 2, 2, 1]),
        (4, [4, 0, 0, 0x80, 0x1f, 0, 0, 0x80]),
        (44, [10, 0, 0, 0, 0x2c, 1, 0, 0]),
        (84, [32, 0, 0, 0, 32, 0, 0, 0]));

    [Fact]
    [Rule("P-012", "P-013")]
    public void Version_3_bytes_are_the_ones_of_libxdp_1_6() => AssertBytes(
        new DispatcherConfig(DispatcherVersion.V3, Slots(ProgramFlags.Frags | ProgramFlags.DeviceBound), HasFrags: false, IsDeviceBound: true),
        (0, [236, 3, 2, 0]),
        (4, [4, 0, 0, 0x80, 0x1f, 0, 0, 0x80]),
        (44, [10, 0, 0, 0, 0x2c, 1, 0, 0]),
        (84, [96, 0, 0, 0, 96, 0, 0, 0]),
        (124, [1, 0, 0, 0]));

    [Fact]
    [Rule("P-013")]
    public void Big_endian_turns_the_words_and_nothing_else()
    {
        var bytes = new DispatcherConfig(DispatcherVersion.V2, Slots(ProgramFlags.Frags), HasFrags: true).Encode(bigEndian: true);
        Assert.Equal([236, 2, 2, 1, 0x80, 0, 0, 4, 0x80, 0, 0, 0x1f], bytes[..12]);
        Assert.Equal([0, 0, 0, 10, 0, 0, 1, 0x2c], bytes[44..52]);
    }

    [Theory]
    [InlineData(DispatcherVersion.V1, 0, 11, "at most 10 programs")]
    [InlineData(DispatcherVersion.V2, 2, 11, "at most 10 programs")]
    [InlineData(DispatcherVersion.V2, 2, 255, "at most 10 programs")]
    [InlineData(DispatcherVersion.V2, 0, 235, "magic byte is 236, not 235")]
    [InlineData(DispatcherVersion.V3, 1, 2, "does not say 2")]
    [Rule("P-017", "P-018")]
    public void A_broken_rule_is_named(DispatcherVersion version, int offset, byte value, string rule)
    {
        var bytes = Make(1, version).Encode();
        bytes[offset] = value;
        var refusal = Assert.Throws<MalformedObjectException>(() => DispatcherConfig.Decode(bytes, version));
        Assert.Contains(rule, refusal.Message, StringComparison.Ordinal);
        Assert.Equal(offset, refusal.Offset);
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    [Rule("P-016")]
    public void Every_other_size_is_refused(DispatcherVersion version, bool bigEndian)
    {
        for (var size = 0; size < 200; size++)
        {
            if (size != DispatcherConfig.SizeOf(version))
                Assert.Throws<MalformedObjectException>(() => DispatcherConfig.Decode(new byte[size], version, bigEndian));
        }
    }

    [Fact]
    [Rule("P-015")]
    public void Padding_and_slots_that_are_not_in_use_are_not_read()
    {
        foreach (var version in Enum.GetValues<DispatcherVersion>())
        {
            var config = new DispatcherConfig(version, Slots(ProgramFlags.None));
            var bytes = config.Encode();
            (int Start, int End)[] unread = [(12, 44), (52, 84), (92, 124), (125, 128), .. version == DispatcherVersion.V1 ? ((int, int)[])[(1, 4)] : []];
            foreach (var (start, end) in unread.Where(range => range.Start < bytes.Length))
                bytes.AsSpan(start..Math.Min(end, bytes.Length)).Fill(0xff);
            Assert.Equal(config, DispatcherConfig.Decode(bytes, version));
        }
    }

    [Fact]
    [Rule("P-014", "P-015")]
    public void Bit_31_is_set_on_the_wire_and_no_action()
    {
        Assert.Equal(0x80000004u, ChainCallActions.Default.ToWire());
        Assert.Equal(ChainCallActions.Default, ChainCallActions.FromWire(0x80000004));
        Assert.Equal(ChainCallActions.Default, ChainCallActions.FromWire(4));
    }

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Mutated_bytes_are_read_or_refused_and_what_is_read_stays(DispatcherVersion version, bool bigEndian)
    {
        var (read, refused) = (0, 0);
        for (var seed = 0; seed < 2000; seed++)
        {
            var random = new Random(seed);
            var bytes = Make(seed, version).Encode(bigEndian);
            for (var i = random.Next(1, 4); i > 0; i--)
                bytes[random.Next(2) == 0 ? random.Next(4) : random.Next(bytes.Length)] = (byte)random.Next(256);
            try
            {
                var config = DispatcherConfig.Decode(bytes, version, bigEndian);
                Assert.Equal(config, DispatcherConfig.Decode(config.Encode(bigEndian), version, bigEndian));
                Assert.InRange(config.Slots.Length, 0, 10);
                read++;
            }
            catch (MalformedObjectException)
            {
                refused++;
            }
        }

        Assert.True(read > 100 && refused > 100, $"{read} read, {refused} refused");
    }

    [Fact]
    public void A_version_without_known_layout_is_the_callers_mistake() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => DispatcherConfig.Decode(new byte[128], (DispatcherVersion)9));

    [Fact]
    public void Equality_is_by_contents()
    {
        var (one, same) = (Make(7, DispatcherVersion.V3), Make(7, DispatcherVersion.V3));
        Assert.Equal(one, same);
        Assert.Equal(one.GetHashCode(), same.GetHashCode());
        Assert.NotEqual(one, one with { Version = DispatcherVersion.V2 });
        Assert.NotEqual(one, one with { HasFrags = !one.HasFrags });
        Assert.NotEqual(one, one with { IsDeviceBound = !one.IsDeviceBound });
        Assert.NotEqual(one, one with { Slots = one.Slots.Add(Slot.Default) });
        Assert.NotEqual(one, one with { Slots = default });
        Assert.Equal(one with { Slots = default }, same with { Slots = default });
    }

    private static ImmutableArray<Slot> Slots(ProgramFlags flags) =>
        [new Slot(10, ChainCallActions.Default, flags), new Slot(300, new ChainCallActions(0x1f), flags)];

    private static DispatcherConfig Make(int seed, DispatcherVersion version)
    {
        var random = new Random(seed);
        var slots = Enumerable.Range(0, random.Next(1, 11)).Select(_ => new Slot(
            (uint)random.NextInt64(1L << 32),
            new ChainCallActions((uint)random.Next()),
            version == DispatcherVersion.V1 ? ProgramFlags.None : (ProgramFlags)random.Next()));
        return new DispatcherConfig(
            version, [.. slots], version != DispatcherVersion.V1 && random.Next(2) == 0, version == DispatcherVersion.V3 && random.Next(2) == 0);
    }

    private static void AssertBytes(DispatcherConfig config, params (int Offset, byte[] Bytes)[] parts)
    {
        var expected = new byte[DispatcherConfig.SizeOf(config.Version)];
        foreach (var (offset, bytes) in parts)
            bytes.CopyTo(expected, offset);
        Assert.Equal(expected, config.Encode());
    }
}
