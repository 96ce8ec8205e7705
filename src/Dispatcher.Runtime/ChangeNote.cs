namespace Dispatcher.Runtime;

/// <summary>What a remark on a change is about.</summary>
public enum ChangeNoteKind
{
    /// <summary>A component takes frags, but the protocol version of its chain cannot say so: it runs without.</summary>
    FragsNotExpressible,

    /// <summary>A component takes frags, but another one of its chain does not: the chain runs without.</summary>
    FragsDowngraded,

    /// <summary>All components take frags, but the kernel has none: the chain runs without.</summary>
    FragsUnsupported,

    /// <summary>The chain was already as asked; nothing was changed.</summary>
    NothingToDo,

    /// <summary>A component runs in another slot than before.</summary>
    Moved,

    /// <summary>A map of a component that was replaced is not one of the new version's.</summary>
    MapLeft,
}

/// <summary>A remark on a change that was made: something the caller did not ask for and should know.</summary>
/// <param name="Kind">What it is about; stable.</param>
/// <param name="Message">For people: one clause without full stop, names escaped.</param>
public sealed record ChangeNote(ChangeNoteKind Kind, string Message);
