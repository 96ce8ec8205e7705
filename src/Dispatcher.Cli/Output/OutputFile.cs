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
}
