using Microsoft.Win32.SafeHandles;

namespace Dispatcher.Cli.Output;

/// <summary>Standard output as bytes.</summary>
internal static class StandardOutput
{
    private const int FileDescriptor = 1;

    /// <summary>Opens it. The runtime's own stream hides that a pipe is closed, and what writes until it is stopped would never end.</summary>
    public static Stream Open()
    {
        var pipe = new FileStream(new SafeFileHandle(FileDescriptor, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        if (!pipe.CanSeek)
            return new AnswerStream(pipe);
        // A file may be shared with standard error: only the runtime's stream writes where the file stands.
        pipe.Dispose();
        return new AnswerStream(Console.OpenStandardOutput());
    }
}
