using System.Buffers.Binary;
using System.Text;

namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Changes inputs: bits and numbers anywhere, fields and records where the format says they are.</summary>
/// <param name="target">Knows the format.</param>
/// <param name="random">Makes all choices.</param>
/// <param name="maxSize">Largest input in bytes.</param>
internal sealed class Mutator(IFuzzTarget target, FuzzRandom random, int maxSize)
{
    private const int MaxChanges = 5;
    private readonly byte[] _buffer = new byte[maxSize];
    private readonly byte[] _aside = new byte[maxSize];
    private readonly byte[][] _words = [.. target.Words.Select(Encoding.UTF8.GetBytes)];
    private int _size;

    /// <summary>A changed copy of one of the inputs.</summary>
    /// <param name="pool">At least one.</param>
    /// <returns>Valid until the next call.</returns>
    public ReadOnlySpan<byte> Next(IReadOnlyList<FuzzInput> pool)
    {
        var input = PickInput(pool);
        _size = Math.Min(input.Bytes.Length, maxSize);
        input.Bytes.AsSpan(0, _size).CopyTo(_buffer);
        var before = _size;
        for (var change = random.OneIn(2) ? 0 : random.Next(MaxChanges); change >= 0; change--)
            Change(input, pool);
        if (_size != before && !random.OneIn(4))
            target.Repair(_buffer.AsSpan(0, _size), random);
        return _buffer.AsSpan(0, _size);
    }

    private void Change(FuzzInput input, IReadOnlyList<FuzzInput> pool)
    {
        var layout = input.Layout;
        switch (random.Next(16))
        {
            case < 5 when layout.Fields.Count > 0:
                SetField(layout.Fields[Place(layout.Fields.Count)], layout.Fields);
                break;
            case 5 when layout.Records.Count > 1:
                Overwrite(random.Pick(layout.Records), input.Bytes, random.Pick(layout.Records));
                break;
            case 6 when layout.Records.Count > 0:
                var part = random.Pick(layout.Records);
                Insert(part.Offset, input.Bytes.AsSpan(part.Offset, part.Size));
                break;
            case 7 when layout.Records.Count > 0:
                var gone = random.Pick(layout.Records);
                Remove(gone.Offset, gone.Size);
                break;
            case 8 when _words.Length > 0:
                Insert(random.Next(_size + 1), random.Pick(_words));
                break;
            case 9 when pool.Count > 1:
                Splice(random.Pick(pool));
                break;
            case 10:
                ChangeSize();
                break;
            case 11 when _size > 0:
                _buffer[random.Next(_size)] = (byte)random.NextBits();
                break;
            case < 14 when _size > 0:
                _buffer[random.Next(_size)] ^= (byte)(1 << random.Next(8));
                break;
            default:
                var width = 1 << random.Next(4);
                SetField(new Field(random.Next(_size / width) * width, width), layout.Fields);
                break;
        }
    }

    // The smallest of a few: small inputs run faster, and more of their bytes matter.
    private FuzzInput PickInput(IReadOnlyList<FuzzInput> pool)
    {
        var best = random.Pick(pool);
        for (var rivals = (1 << random.Next(4)) - 1; rivals > 0; rivals--)
        {
            var rival = random.Pick(pool);
            if (rival.Bytes.Length < best.Bytes.Length && rival.Bytes.Length > 0)
                best = rival;
        }

        return best;
    }

    // Headers come first and decide most: every other time the first fields are taken more often.
    private int Place(int count) => random.Next(random.OneIn(2) ? count : 1 + random.Next(1 + random.Next(count)));

    private void SetField(Field field, IReadOnlyList<Field> others)
    {
        if (field.Offset + field.Size > _size)
            return;
        var span = _buffer.AsSpan(field.Offset, field.Size);
        var bigEndian = random.OneIn(8);
        var old = Read(span, bigEndian);
        Write(span, bigEndian, random.Next(8) switch
        {
            < 5 when field.Values is { } values => random.Pick(values),
            0 => old + (ulong)random.Next(9) - 4,
            1 => InterestingNumbers.Pick(random),
            2 => (ulong)(_size + random.Next(9) - 4),
            3 => (ulong)(_size - field.Offset + random.Next(9) - 4),
            4 when others.Count > 0 && random.Pick(others) is var other && other.Offset + other.Size <= _size => Read(_buffer.AsSpan(other.Offset, other.Size), bigEndian),
            5 => (ulong)random.Next(32),
            6 => old ^ 1ul << random.Next(8 * field.Size),
            _ => (ulong)random.Next(_size + 1),
        });
    }

    private void ChangeSize()
    {
        var start = random.Next(_size + 1);
        var size = Math.Min(1 + random.Next(random.OneIn(4) ? 256 : 8), _size - start);
        switch (random.Next(4))
        {
            case 0:
                _size = start;
                break;
            case 1:
                Remove(start, size);
                break;
            default:
                Insert(random.Next(_size + 1), _buffer.AsSpan(start, size));
                break;
        }
    }

    // A chunk of another input goes to the same place, or the rest of it takes the place of ours.
    private void Splice(FuzzInput other)
    {
        var start = random.Next(Math.Min(_size, other.Bytes.Length));
        var rest = other.Bytes.AsSpan(start, Math.Min(other.Bytes.Length, maxSize) - start);
        if (random.OneIn(2))
            rest = rest[..Math.Min(1 + random.Next(64), Math.Min(rest.Length, _size - start))];
        else
            _size = start + rest.Length;
        rest.CopyTo(_buffer.AsSpan(start));
    }

    private void Overwrite(Record place, byte[] source, Record from)
    {
        var size = Math.Min(Math.Min(place.Size, from.Size), _size - place.Offset);
        if (size > 0)
            source.AsSpan(from.Offset, size).CopyTo(_buffer.AsSpan(place.Offset));
    }

    private void Insert(int offset, ReadOnlySpan<byte> bytes)
    {
        if (offset > _size || _size + bytes.Length > maxSize)
            return;
        bytes.CopyTo(_aside);
        _buffer.AsSpan(offset, _size - offset).CopyTo(_buffer.AsSpan(offset + bytes.Length));
        _aside.AsSpan(0, bytes.Length).CopyTo(_buffer.AsSpan(offset));
        _size += bytes.Length;
    }

    private void Remove(int offset, int size)
    {
        if (offset + size > _size)
            return;
        _buffer.AsSpan(offset + size, _size - offset - size).CopyTo(_buffer.AsSpan(offset));
        _size -= size;
    }

    private static ulong Read(ReadOnlySpan<byte> span, bool bigEndian) => (span.Length, bigEndian) switch
    {
        (2, false) => BinaryPrimitives.ReadUInt16LittleEndian(span),
        (2, true) => BinaryPrimitives.ReadUInt16BigEndian(span),
        (4, false) => BinaryPrimitives.ReadUInt32LittleEndian(span),
        (4, true) => BinaryPrimitives.ReadUInt32BigEndian(span),
        (8, false) => BinaryPrimitives.ReadUInt64LittleEndian(span),
        (8, true) => BinaryPrimitives.ReadUInt64BigEndian(span),
        _ => span[0],
    };

    private static void Write(Span<byte> span, bool bigEndian, ulong value)
    {
        for (var i = 0; i < span.Length; i++)
            span[bigEndian ? span.Length - 1 - i : i] = (byte)(value >> 8 * i);
    }
}
