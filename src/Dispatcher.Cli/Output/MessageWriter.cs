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
    public override void Write(char value)
    {
        WriteOutAnswers();
        messages.Write(value);
    }

    /// <inheritdoc/>
    public override void Write(string? value)
    {
        WriteOutAnswers();
        messages.Write(value);
    }

    /// <inheritdoc/>
    public override void WriteLine(string? value)
    {
        WriteOutAnswers();
        messages.WriteLine(value);
    }

    /// <inheritdoc/>
    public override void Flush() => messages.Flush();

    // Where answers cannot be written, this is told when the run ends; a message is not lost for it.
    private void WriteOutAnswers()
    {
        try
        {
            answers.Flush();
        }
        catch (IOException)
        {
        }
    }
}
