using System.Buffers.Binary;
using System.Collections.Immutable;

namespace Dispatcher.Compiler.Model;

/// <summary>The policy of a dispatcher as it stands in its only map.</summary>
/// <param name="Version">Decides the byte layout.</param>
/// <param name="Slots">The enabled slots in running order, at most 10.</param>
/// <param name="HasFrags">The dispatcher takes packets in several buffers; versions 2 and 3.</param>
/// <param name="IsDeviceBound">The dispatcher is bound to one device; version 3.</param>
/// <remarks>
/// <code>
/// v1   0 num  1..3 pad                       4 u32 actions[10]  44 u32 prios[10]                     84 bytes
/// v2   0 magic=236  1 version  2 num  3 frags  4 u32 actions[10]  44 u32 prios[10]  84 u32 flags[10]  124 bytes
/// v3   as v2, then 124 device-bound, 125..127 pad                                                    128 bytes
/// </code>
/// u32 in the byte order of the machine that runs the dispatcher. Source: PROTOCOL "Config bytes" in docs/protocol.md.
/// </remarks>
public sealed record DispatcherConfig(DispatcherVersion Version, ImmutableArray<Slot> Slots, bool HasFrags = false, bool IsDeviceBound = false)
{
    private const string Format = "dispatcher config";
    private const int ActionsOffset = 4;
    private const int PrioritiesOffset = 44;
    private const int FlagsOffset = 84;
    private const int DeviceBoundOffset = 124;

    /// <summary>What the config says of the dispatcher itself, as program flags.</summary>
    public ProgramFlags DispatcherFlags => (HasFrags ? ProgramFlags.Frags : 0) | (IsDeviceBound ? ProgramFlags.DeviceBound : 0);

    /// <summary>Size of the config in bytes: 84, 124 or 128.</summary>
    public static int SizeOf(DispatcherVersion version) => version switch
    {
        DispatcherVersion.V1 => 84,
        DispatcherVersion.V2 => 124,
        DispatcherVersion.V3 => 128,
        _ => throw new ArgumentOutOfRangeException(nameof(version), version, "No layout is known for this version."),
    };

    /// <summary>Where num_progs_enabled stands: the first byte of version 1, behind magic and version since.</summary>
    internal static short CountOffsetOf(DispatcherVersion version) => version == DispatcherVersion.V1 ? (short)0 : (short)2;

    /// <summary>The bytes of the map value.</summary>
    /// <param name="bigEndian">Byte order of the machine that will run the dispatcher.</param>
    public byte[] Encode(bool bigEndian = false)
    {
        var bytes = new byte[SizeOf(Version)];
        bytes[CountOffsetOf(Version)] = (byte)Slots.Length;
        if (Version >= DispatcherVersion.V2)
        {
            bytes[0] = DispatcherLimits.ConfigMagic;
            bytes[1] = (byte)Version;
            bytes[3] = HasFrags ? (byte)1 : (byte)0;
        }

        for (var i = 0; i < Slots.Length; i++)
        {
            WriteU32(bytes, ActionsOffset + 4 * i, Slots[i].Actions.ToWire(), bigEndian);
            WriteU32(bytes, PrioritiesOffset + 4 * i, Slots[i].Priority, bigEndian);
            if (Version >= DispatcherVersion.V2)
                WriteU32(bytes, FlagsOffset + 4 * i, (uint)Slots[i].Flags, bigEndian);
        }

        if (Version == DispatcherVersion.V3)
            bytes[DeviceBoundOffset] = IsDeviceBound ? (byte)1 : (byte)0;
        return bytes;
    }

    /// <summary>Reads a map value of a dispatcher whose marker says <paramref name="version"/>.</summary>
    /// <param name="bytes">The whole map value.</param>
    /// <param name="version">The version in the BTF marker; a contradiction with the config byte is an error.</param>
    /// <param name="bigEndian">Byte order of the machine that runs the dispatcher.</param>
    /// <exception cref="MalformedObjectException">Wrong size, magic or version byte, or more than 10 slots.</exception>
    public static DispatcherConfig Decode(ReadOnlySpan<byte> bytes, DispatcherVersion version, bool bigEndian = false)
    {
        var size = SizeOf(version);
        if (bytes.Length != size)
            throw new MalformedObjectException(Format, 0, $"version {(int)version} has {size} bytes, not {bytes.Length}");
        var hasHeader = version >= DispatcherVersion.V2;
        if (hasHeader && bytes[0] != DispatcherLimits.ConfigMagic)
            throw new MalformedObjectException(Format, 0, $"the magic byte is {DispatcherLimits.ConfigMagic}, not {bytes[0]}");
        if (hasHeader && bytes[1] != (byte)version)
            throw new MalformedObjectException(Format, 1, $"the version byte repeats the BTF marker, {(int)version}, and does not say {bytes[1]}");
        var count = bytes[CountOffsetOf(version)];
        if (count > DispatcherLimits.MaxSlots)
            throw new MalformedObjectException(Format, CountOffsetOf(version), $"at most {DispatcherLimits.MaxSlots} programs are enabled, not {count}");

        var slots = ImmutableArray.CreateBuilder<Slot>(count);
        for (var i = 0; i < count; i++)
        {
            slots.Add(new Slot(
                ReadU32(bytes, PrioritiesOffset + 4 * i, bigEndian),
                ChainCallActions.FromWire(ReadU32(bytes, ActionsOffset + 4 * i, bigEndian)),
                hasHeader ? (ProgramFlags)ReadU32(bytes, FlagsOffset + 4 * i, bigEndian) : ProgramFlags.None));
        }

        return new DispatcherConfig(
            version, slots.MoveToImmutable(), hasHeader && bytes[3] != 0, version == DispatcherVersion.V3 && bytes[DeviceBoundOffset] != 0);
    }

    /// <inheritdoc/>
    public bool Equals(DispatcherConfig? other) =>
        other is not null
        && Version == other.Version
        && HasFrags == other.HasFrags
        && IsDeviceBound == other.IsDeviceBound
        && Slots.IsDefault == other.Slots.IsDefault
        && Slots.AsSpan().SequenceEqual(other.Slots.AsSpan());

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        hash.Add(Version);
        hash.Add(HasFrags);
        hash.Add(IsDeviceBound);
        foreach (var slot in Slots.AsSpan())
            hash.Add(slot);
        return hash.ToHashCode();
    }

    private static void WriteU32(Span<byte> bytes, int offset, uint value, bool bigEndian)
    {
        if (bigEndian)
            BinaryPrimitives.WriteUInt32BigEndian(bytes[offset..], value);
        else
            BinaryPrimitives.WriteUInt32LittleEndian(bytes[offset..], value);
    }

    private static uint ReadU32(ReadOnlySpan<byte> bytes, int offset, bool bigEndian) =>
        bigEndian ? BinaryPrimitives.ReadUInt32BigEndian(bytes[offset..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[offset..]);
}
