using System.Collections.Immutable;
using System.Text;

namespace Dispatcher.Compiler.Btf;

/// <summary>A whole BTF: types that name each other by id, and the strings they use.</summary>
/// <remarks>
/// Every instance is well formed: ids are in range, and qualifiers and typedefs end. It is made by <see cref="Read"/>
/// or by <see cref="BtfBuilder"/>. What was read is written again byte for byte. Split BTF, which leans on the BTF of
/// another object as kernel modules do, is not read.
/// </remarks>
public sealed class BtfData
{
    internal const string Format = "BTF";
    private readonly BtfEncoding _encoding;
    private readonly Lazy<Dictionary<(BtfKind Kind, string Name), BtfTypeId>> _index;

    internal BtfData(ImmutableArray<BtfType> types, BtfEncoding encoding)
    {
        Types = types;
        _encoding = encoding;
        _index = new(BuildIndex);
    }

    /// <summary>The types; the first has id 1.</summary>
    public ImmutableArray<BtfType> Types { get; }

    /// <summary>Number of types; also the highest id.</summary>
    public int Count => Types.Length;

    /// <summary>Whether it was read in big-endian byte order.</summary>
    public bool IsBigEndian => _encoding.IsBigEndian;

    /// <summary>The type of an id.</summary>
    /// <param name="id">1 to <see cref="Count"/>; any id that a type of this BTF names, except void.</param>
    /// <exception cref="ArgumentOutOfRangeException">Void, or an id of another BTF.</exception>
    public BtfType this[BtfTypeId id] => Get<BtfType>(id)
        ?? throw new ArgumentOutOfRangeException(nameof(id), id.Value, $"Type ids are 1 to {Count}.");

    /// <summary>Reads the bytes of a <c>.BTF</c> section or of a BTF object of the kernel, in either byte order.</summary>
    /// <param name="bytes">All of it.</param>
    /// <exception cref="MalformedObjectException">A rule of the format is broken.</exception>
    public static BtfData Read(ReadOnlySpan<byte> bytes) => BtfDecoder.Decode(bytes);

    /// <summary>Writes the bytes of a <c>.BTF</c> section, as the kernel takes them too.</summary>
    /// <param name="bigEndian">Byte order of the machine that is to read them.</param>
    /// <returns>In the byte order that was read: the same bytes.</returns>
    public byte[] Encode(bool bigEndian = false) => _encoding.Encode(Types, bigEndian);

    /// <summary>The type of an id, when it is a <typeparamref name="T"/>.</summary>
    /// <returns>Null for void, for an id out of range and for a type of another kind.</returns>
    public T? Get<T>(BtfTypeId id)
        where T : BtfType => id.IsVoid || id.Value > Types.Length ? null : Types[(int)id.Value - 1] as T;

    /// <summary>The first type with a kind and a name.</summary>
    /// <param name="kind">The kind.</param>
    /// <param name="name">The whole name.</param>
    /// <returns>Null when there is none.</returns>
    public BtfTypeId? Find(BtfKind kind, string name) => _index.Value.TryGetValue((kind, name), out var id) ? id : null;

    /// <summary>Follows qualifiers, typedefs and type tags to the type they stand for.</summary>
    /// <param name="id">A type of this BTF, or void.</param>
    /// <returns>A type that is none of these; or void.</returns>
    public BtfTypeId Resolve(BtfTypeId id)
    {
        while (Get<BtfModifier>(id) is { } modifier)
            id = modifier.Type;
        return id;
    }

    /// <summary>A string of the string section, such as a file name or source line of <see cref="BtfExt"/>.</summary>
    /// <param name="offset">Where it starts.</param>
    /// <returns>The text; bytes that are not UTF-8 are replaced.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The offset is not in the string section.</exception>
    public string GetString(BtfStringOffset offset)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(offset.Value, (uint)_encoding.Strings.Length, nameof(offset));
        var text = _encoding.Strings.AsSpan()[(int)offset.Value..];
        return Encoding.UTF8.GetString(text[..text.IndexOf((byte)0)]);
    }

    /// <summary>Whether a string starts there.</summary>
    internal bool HasString(BtfStringOffset offset) => offset.Value < _encoding.Strings.Length;

    /// <summary>An error about one type, with its place in bytes.</summary>
    internal MalformedObjectException Malformed(BtfTypeId id, string rule)
    {
        long offset = _encoding.Header.Size;
        for (var i = 1; i < id.Value; i++)
            offset += BtfEncoding.SizeOf(Types[i - 1]);
        return new MalformedObjectException(Format, offset, rule);
    }

    private Dictionary<(BtfKind Kind, string Name), BtfTypeId> BuildIndex()
    {
        var byName = new Dictionary<(BtfKind Kind, string Name), BtfTypeId>(Types.Length);
        for (var i = 0; i < Types.Length; i++)
        {
            if (Types[i].Name.Length > 0)
                byName.TryAdd((Types[i].Kind, Types[i].Name), new BtfTypeId((uint)i + 1));
        }

        return byName;
    }
}
