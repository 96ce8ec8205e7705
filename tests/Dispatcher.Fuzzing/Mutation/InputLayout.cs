namespace Dispatcher.Fuzzing.Mutation;

/// <summary>A number in an input.</summary>
/// <param name="Offset">Bytes from the start.</param>
/// <param name="Size">1, 2, 4 or 8 bytes.</param>
/// <param name="Values">What it may be, when the format names only some values; else null.</param>
internal readonly record struct Field(int Offset, int Size, IReadOnlyList<ulong>? Values = null);

/// <summary>A part of an input that can be repeated, left out or put in another's place.</summary>
/// <param name="Offset">Bytes from the start.</param>
/// <param name="Size">In bytes.</param>
internal readonly record struct Record(int Offset, int Size);

/// <summary>Where fields and records of one input are. What lies outside of the input is not taken.</summary>
/// <param name="inputSize">Size of the input in bytes.</param>
internal sealed class InputLayout(int inputSize)
{
    private const int MaxEntries = 4096;
    private readonly List<Field> _fields = [];
    private readonly List<Record> _records = [];

    /// <summary>Numbers of the format.</summary>
    public IReadOnlyList<Field> Fields => _fields;

    /// <summary>Parts of the format.</summary>
    public IReadOnlyList<Record> Records => _records;

    /// <summary>Notes fields that follow each other.</summary>
    /// <param name="offset">Of the first.</param>
    /// <param name="sizes">Of each, in bytes.</param>
    public void AddFields(long offset, params ReadOnlySpan<int> sizes)
    {
        foreach (var size in sizes)
        {
            if (_fields.Count < MaxEntries && offset >= 0 && offset + size <= inputSize)
                _fields.Add(new Field((int)offset, size));
            offset += size;
        }
    }

    /// <summary>Notes a field with values that have a meaning.</summary>
    public void AddField(long offset, int size, IReadOnlyList<ulong> values)
    {
        if (_fields.Count < MaxEntries && offset >= 0 && offset + size <= inputSize)
            _fields.Add(new Field((int)offset, size, values));
    }

    /// <summary>Notes a record.</summary>
    public void AddRecord(long offset, long size)
    {
        if (_records.Count < MaxEntries && offset >= 0 && size > 0 && offset + size <= inputSize)
            _records.Add(new Record((int)offset, (int)size));
    }
}
