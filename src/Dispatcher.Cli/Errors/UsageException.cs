namespace Dispatcher.Cli.Errors;

/// <summary>The command line is wrong.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="hint">What to type instead, or null.</param>
internal sealed class UsageException(string message, string? hint = null) : Exception(message)
{
    /// <summary>What to type instead, or null.</summary>
    public string? Hint { get; } = hint;
}
