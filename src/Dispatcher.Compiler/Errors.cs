namespace Dispatcher.Compiler;

/// <summary>Base of every error that this project reports about something other than a caller's argument.</summary>
public abstract class DispatcherException : Exception
{
    /// <summary>An error with its text and, where there is one, its cause.</summary>
    protected DispatcherException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}

/// <summary>Bytes that break a rule of their format: ELF, BTF, dispatcher config, run config or netlink.</summary>
/// <remarks>The only exception that a reader of foreign bytes throws, whatever the bytes are.</remarks>
public sealed class MalformedObjectException : DispatcherException
{
    /// <summary>Names the format, the place and the rule that is broken.</summary>
    /// <param name="format">For example <c>ELF</c> or <c>BTF</c>.</param>
    /// <param name="offset">Bytes from the start of what was read to where the rule is broken.</param>
    /// <param name="rule">What holds for a well-formed object, as a sentence without full stop.</param>
    public MalformedObjectException(string format, long offset, string rule)
        : base($"Malformed {format} at byte {offset}; the rule that it breaks: {rule}.")
    {
        Format = format;
        Offset = offset;
        Rule = rule;
    }

    /// <summary>The format whose rule is broken.</summary>
    public string Format { get; }

    /// <summary>Bytes from the start of what was read.</summary>
    public long Offset { get; }

    /// <summary>The rule that is broken.</summary>
    public string Rule { get; }
}
