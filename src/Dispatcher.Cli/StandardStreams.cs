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
        try
        {
            while (true)
            {
                // This program's own file is there wherever it runs.
                var file = File.OpenHandle(Environment.ProcessPath ?? "/dev/null");
                if (file.DangerousGetHandle() > Last)
                {
                    file.Dispose();
                    return;
                }

                Held.Add(file);
            }
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
            // Then nothing stands in for a closed stream.
        }
    }
}
