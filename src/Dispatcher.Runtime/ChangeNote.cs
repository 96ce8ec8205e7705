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

    /// <summary>Maps of a component that is replaced go on, with their contents, as those of the new version.</summary>
    MapsTakenOver,

    /// <summary>Maps of a new version begin without the contents of the old one.</summary>
    MapsBeginEmpty,

    /// <summary>A component was alone, where its actions are not looked at; now they are.</summary>
    ActionsMatter,

    /// <summary>A component comes after one that always ends the chain.</summary>
    NeverRuns,

    /// <summary>The last component goes on after a verdict other than XDP_PASS: nobody comes after it, and the packet passes.</summary>
    BecomesPass,

    /// <summary>A component of the chain has the name of a program that was to join, and was kept in its place; others joined.</summary>
    Kept,

    /// <summary>Only of a plan: the chain would be the first in native mode, which drivers refuse only when it is attached.</summary>
    ModeNotTried,

    /// <summary>The pins are in a BPF file system that ends with the mount namespace of this process, and the chain with it.</summary>
    PrivateBpfFs,

    /// <summary>A new chain got skb mode, which is slower, since the driver has no native mode.</summary>
    SkbMode,

    /// <summary>The object holds other XDP programs; the first was taken, since none was named.</summary>
    OtherPrograms,

    /// <summary>A program of the chain has the name of one that joins it, and both run.</summary>
    SameName,

    /// <summary>A program that joins, or has another priority from now on, runs before one that was there and has the same priority.</summary>
    EqualPriority,

    /// <summary>A replacement has another name than the program whose place it takes.</summary>
    AnotherName,

    /// <summary>The chain is of a version that releases of libxdp in use do not know, or do not join: their applications cannot change it.</summary>
    PeersLockedOut,

    /// <summary>Maps of an object ask to be pinned by name, and are not, since no folder was named; or a folder was named, and no map asks.</summary>
    MapsNotPinned,

    /// <summary>An object has a run config for a function that it does not hold: a name in it is misspelt, most likely.</summary>
    StrayRunConfig,

    /// <summary>A replacement brings another priority or other actions than the program whose place it takes, and that one's are kept.</summary>
    PolicyKept,
}

/// <summary>A remark on a change that was made or planned: something the caller did not ask for and should know.</summary>
/// <param name="Kind">What it is about; stable.</param>
/// <param name="Message">For people: one clause without full stop, names escaped.</param>
public sealed record ChangeNote(ChangeNoteKind Kind, string Message);
