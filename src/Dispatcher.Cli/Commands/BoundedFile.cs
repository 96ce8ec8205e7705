using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>Reads a whole file that a user named, whatever it turns out to be.</summary>
internal static class BoundedFile
{
    /// <summary>No object file is larger; a device that never ends stops here.</summary>
    private const int LargestBytes = 64 << 20;

    /// <summary>The bytes of the file.</summary>
    /// <exception cref="NotFoundException">No such file.</exception>
    /// <exception cref="IOException">A folder.</exception>
    /// <exception cref="ComponentException">It is too large.</exception>
    public static Task<byte[]> ReadAsync(string path, CancellationToken cancellationToken) => Interruptible.RunAsync(() => Read(path), cancellationToken);

    private static byte[] Read(string path)
    {
        InputFile.Require(path, "an object file");
        using var file = new FileStream(path, new FileStreamOptions { Access = FileAccess.Read, Share = FileShare.ReadWrite, BufferSize = 0 });
        using var content = new MemoryStream();
        var buffer = new byte[64 << 10];
        int count;
        while ((count = file.Read(buffer)) > 0)
        {
            if (content.Length + count > LargestBytes)
                throw new ComponentException($"'{Printable.Escape(path)}' is larger than {LargestBytes >> 20} MiB; no object file is.");
            content.Write(buffer, 0, count);
        }

        return content.ToArray();
    }
}
