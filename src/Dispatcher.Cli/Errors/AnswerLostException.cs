namespace Dispatcher.Cli.Errors;

/// <summary>Standard output cannot be written.</summary>
/// <param name="cause">What the system said.</param>
/// <param name="isDone">Whether what the verb is for has been done all the same.</param>
internal sealed class AnswerLostException(Exception cause, bool isDone = false) : IOException(
    $"{(isDone ? "it is done, but the answer cannot be written to standard output" : "standard output cannot be written")}: "
        + (cause is UnauthorizedAccessException ? "it is closed, or open for reading only" : cause.Message.TrimEnd('.')),
    cause)
{
    private const int EPIPE = 32;

    /// <summary>Whether what the verb is for has been done all the same.</summary>
    public bool IsDone => isDone;

    /// <summary>Whether who was to read it has gone.</summary>
    public bool IsNotWanted { get; } = cause is IOException { HResult: EPIPE };

    /// <summary>Writes the answer of a verb that has done something: whoever tries again because it is lost must know.</summary>
    public static void Guard(TextWriter answers, Action write)
    {
        try
        {
            write();
            answers.Flush();
        }
        catch (AnswerLostException lost)
        {
            throw new AnswerLostException(lost.InnerException!, isDone: true);
        }
    }
}
