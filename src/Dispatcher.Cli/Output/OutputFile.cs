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
    public static FileStream Create(string path)
    {
        try
        {
            return File.Create(path, bufferSize: 0);
        }
        catch (Exception failed) when (Explain(path, failed) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Writes all of it, where a file can be.</summary>
    /// <exception cref="IOException">It cannot be written.</exception>
    /// <exception cref="NotFoundException">The folder for it is not there.</exception>
    public static void Write(string path, byte[] bytes)
    {
        RequirePlace(path);
        try
        {
            File.WriteAllBytes(path, bytes);
        }
        catch (Exception failed) when (Explain(path, failed) is { } explained)
        {
            throw explained;
        }
    }

    // The runtime's texts put the path behind, or in the middle. Null: not about the file.
    private static IOException? Explain(string path, Exception failed)
    {
        var reason = failed switch
        {
            UnauthorizedAccessException => "permission denied",
            FileNotFoundException or DirectoryNotFoundException => "no file can be made there",
            IOException => failed.Message.Split(" : '")[0].TrimEnd('.'),
            _ => null,
        };
        return reason is null ? null : new IOException($"'{Printable.Escape(path)}' cannot be written: {reason}.", failed);
    }
}
