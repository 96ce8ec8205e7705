using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>A file that is to be written.</summary>
internal static class OutputFile
{
    /// <summary>Refuses a path at which no file can be.</summary>
    /// <exception cref="IOException">A folder.</exception>
    /// <exception cref="NotFoundException">The folder for it is not there.</exception>
    public static void RequirePlace(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{Printable.Escape(path)}' is a folder; name a file.");
        if (Path.GetDirectoryName(Path.GetFullPath(path)) is { } folder && !Directory.Exists(folder))
            throw new NotFoundException($"There is no folder '{Printable.Escape(folder)}'; make it first.");
    }

    /// <summary>Makes it, empty.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    public static FileStream Create(string path) => Told(path, () => File.Create(path, bufferSize: 0));

    /// <summary>Writes all of it, where a file can be.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="NotFoundException">The folder for it is not there.</exception>
    /// <returns>How many bytes.</returns>
    public static int Write(string path, byte[] bytes)
    {
        RequirePlace(path);
        return Told(path, () =>
        {
            File.WriteAllBytes(path, bytes);
            return bytes.Length;
        });
    }

    // The runtime's texts put the path behind, or in the middle.
    private static T Told<T>(string path, Func<T> write)
    {
        try
        {
            return write();
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new IOException($"'{Printable.Escape(path)}' cannot be written: permission denied.", denied);
        }
        catch (Exception nowhere) when (nowhere is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new IOException($"'{Printable.Escape(path)}' cannot be written: no file can be made there.", nowhere);
        }
        catch (IOException failed)
        {
            throw new IOException($"'{Printable.Escape(path)}' cannot be written: {failed.Message.Split(" : '")[0].TrimEnd('.')}.", failed);
        }
    }
}
