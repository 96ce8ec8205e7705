namespace Dispatcher.Cli.Errors;

/// <summary>An error to which a verb, knowing what was asked, adds what the user can do next.</summary>
/// <param name="inner">The error; decides kind, exit code and message.</param>
/// <param name="hint">What to do next.</param>
internal sealed class HintedException(Exception inner, string hint) : Exception(inner.Message, inner)
{
    /// <summary>What to do next.</summary>
    public string Hint { get; } = hint;
}
