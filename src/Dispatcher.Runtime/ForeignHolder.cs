using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <summary>How a program came on a hook.</summary>
public enum HookAttachment
{
    /// <summary>It could not be read.</summary>
    Unknown,

    /// <summary>By netlink: it stays until somebody takes it off.</summary>
    Netlink,

    /// <summary>By a bpf_link: it stays as long as a process or a pin holds the link, and only the link's owner can change it.</summary>
    Link,
}

/// <summary>What keeps a program on a hook, as far as it can be seen from here, and what can be done about it.</summary>
/// <param name="Attachment">How the program is attached.</param>
/// <param name="Link">The link, when one attached it.</param>
/// <param name="Pins">Paths on BPF file systems that hold the link, or the program when no link attached it.</param>
/// <param name="Processes">Processes that have the link open, or the program when no link attached it.</param>
/// <param name="Advice">What the user can do, in sentences; all of them are needed. Names are escaped.</param>
public sealed record ForeignHolder(
    HookAttachment Attachment, LinkId? Link, ImmutableArray<string> Pins, ImmutableArray<HolderProcess> Processes, ImmutableArray<string> Advice)
{
    private const int MostListed = 3;

    /// <summary>For a sentence that starts with "it is"; names are escaped.</summary>
    public override string ToString()
    {
        var text = Attachment switch
        {
            HookAttachment.Netlink => "attached by netlink",
            HookAttachment.Link => $"attached by bpf_link {Link}",
            _ => "attached in a way that could not be read",
        };
        if (!Processes.IsEmpty)
            text += $", open in {DescribeProcesses(Processes)}";
        return Pins.IsEmpty ? text : $"{text}, pinned at {DescribePins(Pins)}";
    }

    /// <summary>The first few processes and how many more.</summary>
    internal static string DescribeProcesses(ImmutableArray<HolderProcess> processes) =>
        "process " + Some([.. processes.Select(process => process.ToString())]);

    /// <summary>The first few pins and how many more.</summary>
    internal static string DescribePins(ImmutableArray<string> pins) => Some([.. pins.Select(Printable.Escape)]);

    private static string Some(ImmutableArray<string> texts) => texts.Length <= MostListed
        ? string.Join(", ", texts)
        : string.Create(CultureInfo.InvariantCulture, $"{string.Join(", ", texts[..MostListed])} and {texts.Length - MostListed} more");
}

/// <summary>A process that has a program or link open.</summary>
/// <param name="Id">In the pid namespace of this process.</param>
/// <param name="Command">Its name as the kernel has it, at most 15 bytes; escape it before printing.</param>
public sealed record HolderProcess(int Id, string Command)
{
    /// <summary>Number and escaped name, where it has one.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Id}{(Command.Length > 0 ? $" '{Printable.Escape(Command)}'" : "")}");
}
