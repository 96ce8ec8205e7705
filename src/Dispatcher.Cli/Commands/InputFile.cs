using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>A file that is to be read.</summary>
internal static class InputFile
{
    /// <summary>Refuses a path at which there is no file.</summary>
    /// <param name="path">As the user wrote it.</param>
    /// <param name="content">What is to be in the file, for example <c>an object file</c>.</param>
    /// <exception cref="NotFoundException">Nothing is there.</exception>
    /// <exception cref="IOException">A folder.</exception>
    public static void Require(string path, string content)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{Printable.Escape(path)}' is a folder; name {content} in it.");
        if (!File.Exists(path))
            throw new NotFoundException($"There is no file '{Printable.Escape(path)}'; check the path.") { MissingFile = path };
    }
}
