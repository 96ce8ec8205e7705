using System.IO.MemoryMappedFiles;

namespace Dispatcher.Fuzzing.Running;

/// <summary>Keeps the input that runs in a file, for when the process does not live to tell: a stack overflow, a hang.</summary>
/// <remarks>A shared mapping: what was written is in the file whatever happens to the process.</remarks>
internal sealed class FlightRecorder : IDisposable
{
    private const int HeaderSize = 4;

    /// <summary>More than the large inputs have; the file has holes.</summary>
    private const int MaxSize = 16 << 20;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;
    private readonly byte[] _copy = new byte[MaxSize];

    /// <summary>Makes the file.</summary>
    /// <param name="path">Its folder exists.</param>
    public FlightRecorder(string path)
    {
        _file = MemoryMappedFile.CreateFromFile(path, FileMode.Create, null, HeaderSize + MaxSize);
        _view = _file.CreateViewAccessor();
    }

    /// <summary>Reads the last input that was noted.</summary>
    public static byte[] Read(string path)
    {
        var bytes = File.ReadAllBytes(path);
        return bytes[HeaderSize..(HeaderSize + BitConverter.ToInt32(bytes))];
    }

    /// <summary>Notes the input that is about to run.</summary>
    public void Note(ReadOnlySpan<byte> input)
    {
        input.CopyTo(_copy);
        _view.Write(0, input.Length);
        _view.WriteArray(HeaderSize, _copy, 0, input.Length);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }
}
