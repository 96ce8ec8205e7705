using System.Text;

namespace Dispatcher.Cli.Output;

/// <summary>Messages, each after the answers that were written before it: both may go to the same place.</summary>
/// <param name="messages">Where messages go.</param>
/// <param name="answers">Written out before each message.</param>
internal sealed class MessageWriter(TextWriter messages, TextWriter answers) : TextWriter
{
    /// <inheritdoc/>
    public override Encoding Encoding => messages.Encoding;

    /// <inheritdoc/>
    public override void Write(char value) => Tell(() => messages.Write(value));

    /// <inheritdoc/>
    public override void Write(string? value) => Tell(() => messages.Write(value));

    /// <inheritdoc/>
    public override void WriteLine(string? value) => Tell(() => messages.WriteLine(value));

    /// <inheritdoc/>
    public override void Flush() => Try(messages.Flush);

    private void Tell(Action write)
    {
        Try(answers.Flush);
        Try(write);
    }

    // Where answers cannot be written, this is told when the run ends, and a message is not lost for it. Where messages cannot be written there is
    // nobody to tell, and what is done is done.
    private static void Try(Action write)
    {
        try
        {
            write();
        }
        catch (Exception failure) when (failure is IOException or UnauthorizedAccessException)
        {
        }
    }
}
