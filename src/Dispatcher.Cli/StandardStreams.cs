using Microsoft.Win32.SafeHandles;

namespace Dispatcher.Cli;

/// <summary>Standard input, output and error.</summary>
internal static class StandardStreams
{
    private const int Last = 2;
    private static readonly List<SafeFileHandle> Held = [];

    /// <summary>
    /// Makes sure that each of them is something: where one is closed, the next file that is opened takes its number, and what is written for people would
    /// go there (into the pipe by which the runtime is told of signals, for one). What is opened in its place can only be read, so that an answer is not lost in silence.
    /// </summary>
    public static void Require()
    {
        while (true)
        {
            var file = File.OpenHandle("/dev/null");
            if (file.DangerousGetHandle() > Last)
            {
                file.Dispose();
                return;
            }

            Held.Add(file);
        }
    }
}
