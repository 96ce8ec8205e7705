using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>Reads a BPF object file whole, whatever the path turns out to name.</summary>
public static class BpfObjectFile
{
    private const int LargestMebibytes = 64;
    private const int LargestBytes = LargestMebibytes << 20;

    // First guess where a file does not say how long it is, as a pipe.
    private const int UsualBytes = 16 << 10;

    /// <summary>Reads it; a named pipe is waited for, and one that never ends, as a device, is read no further than 64 MiB.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="NotFoundException">No such file.</exception>
    /// <exception cref="ComponentException">A folder, larger than 64 MiB, or it cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Directory.Exists(path)
                ? throw new ComponentException($"'{Printable.Escape(path)}' is a folder; name an object file in it.")
                : ReadBounded(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotFoundException($"There is no file '{Printable.Escape(path)}'; check the path.") { MissingFile = path };
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new ComponentException($"'{Printable.Escape(path)}' cannot be read: permission denied.", null, denied);
        }
        catch (IOException unreadable)
        {
            throw new ComponentException($"'{Printable.Escape(path)}' cannot be read: {unreadable.Message}", null, unreadable);
        }
    }

    private static ReadOnlyMemory<byte> ReadBounded(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var content = new byte[BufferFor(file.CanSeek && file.Length > 0 ? file.Length : UsualBytes)];
        for (var length = 0; ;)
        {
            var count = file.Read(content, length, content.Length - length);
            if (count == 0)
                return content.AsMemory(0, length);
            length += count;
            if (length > LargestBytes)
                throw new ComponentException($"'{Printable.Escape(path)}' is larger than {LargestMebibytes} MiB; no object file is.");
            if (length == content.Length)
                Array.Resize(ref content, BufferFor(2L * length));
        }
    }

    // One more than what is expected, to see the end in the same buffer.
    private static int BufferFor(long expectedBytes) => (int)Math.Min(expectedBytes, LargestBytes) + 1;
}
