using System.Buffers;
using System.Collections.Immutable;
using System.Text;

namespace Dispatcher.Compiler.Btf;

/// <summary>Puts a BTF together, type by type. The same calls give the same bytes.</summary>
/// <remarks>Ids are given in order from 1. Strings stand in the order of their first use, each once.</remarks>
public sealed class BtfBuilder
{
    private const int UsualStrings = 100;
    private const int UsualStringBytes = 2048;
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);
    private readonly List<BtfType?> _types = [];
    private readonly Dictionary<string, BtfStringOffset> _strings = new(UsualStrings) { [""] = default };
    private readonly ArrayBufferWriter<byte> _stringSection = new(UsualStringBytes);

    // From the first time that somebody asks.
    private Dictionary<BtfType, BtfTypeId>? _interned;

    /// <summary>An empty BTF.</summary>
    public BtfBuilder() => _stringSection.Write<byte>([0]);

    /// <summary>Adds a type, whether or not there is an equal one.</summary>
    /// <param name="type">May name ids that are given later.</param>
    /// <returns>Its id.</returns>
    /// <exception cref="ArgumentException">A name holds a NUL or is no valid text.</exception>
    public BtfTypeId Add(BtfType type)
    {
        var id = Reserve();
        Set(id, type);
        return id;
    }

    /// <summary>The id of an equal type, which is added when there is none.</summary>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">A name holds a NUL or is no valid text.</exception>
    public BtfTypeId Intern(BtfType type)
    {
        if (_interned is null)
        {
            _interned = [];
            for (var i = 0; i < _types.Count; i++)
            {
                if (_types[i] is { } there)
                    _interned.TryAdd(there, new BtfTypeId((uint)i + 1));
            }
        }

        return _interned.TryGetValue(type, out var id) ? id : Add(type);
    }

    /// <summary>Gives the next id to a type that is set later, so that others can name it before.</summary>
    public BtfTypeId Reserve()
    {
        _types.Add(null);
        return new BtfTypeId((uint)_types.Count);
    }

    /// <summary>Sets the type of a reserved id.</summary>
    /// <param name="id">From <see cref="Reserve"/>, not set yet.</param>
    /// <param name="type">The type.</param>
    /// <exception cref="ArgumentException">The id is not reserved, or a name holds a NUL or is no valid text.</exception>
    public void Set(BtfTypeId id, BtfType type)
    {
        ArgumentNullException.ThrowIfNull(type);
        if (id.IsVoid || id.Value > _types.Count || _types[(int)id.Value - 1] is not null)
            throw new ArgumentException($"Type {id} is not reserved.", nameof(id));
        foreach (var name in BtfEncoding.NamesOf(type))
            AddString(name);
        _types[(int)id.Value - 1] = type;
        _interned?.TryAdd(type, id);
    }

    /// <summary>Puts a text into the string section, once.</summary>
    /// <param name="text">For example a file name or a source line.</param>
    /// <returns>Where it stands; the offset stays the same in the finished BTF.</returns>
    /// <exception cref="ArgumentException">The text holds a NUL or is no valid text.</exception>
    public BtfStringOffset AddString(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (_strings.TryGetValue(text, out var known))
            return known;
        if (text.Contains('\0', StringComparison.Ordinal))
            throw new ArgumentException("A string of a BTF holds no NUL.", nameof(text));
        var offset = new BtfStringOffset((uint)_stringSection.WrittenCount);
        Utf8.GetBytes(text, _stringSection);
        _stringSection.Write<byte>([0]);
        _strings.Add(text, offset);
        return offset;
    }

    /// <summary>The finished BTF. The builder can go on.</summary>
    /// <exception cref="InvalidOperationException">A reserved id was not set, or a type breaks a rule of the format.</exception>
    public BtfData Build()
    {
        var unset = _types.IndexOf(null);
        if (unset >= 0)
            throw new InvalidOperationException($"Type {unset + 1} was reserved and never set.");
        var built = _types.Select(type => type!).ToImmutableArray();
        if (BtfRules.FindBroken(built) is { } broken)
            throw new InvalidOperationException($"This BTF breaks a rule: {broken.Rule}.");
        var names = built.SelectMany(BtfEncoding.NamesOf).Select(name => _strings[name].Value).ToImmutableArray();
        var header = new BtfHeader(BtfHeader.BaseSize, built.Sum(BtfEncoding.SizeOf), 0, _stringSection.WrittenCount);
        return new BtfData(built, new BtfEncoding(header, false, [.. _stringSection.WrittenSpan], names, []));
    }
}
