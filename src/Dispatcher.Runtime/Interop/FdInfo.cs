using System.Globalization;

namespace Dispatcher.Runtime.Interop;

/// <summary>The BPF object behind an fd: a program or a link.</summary>
/// <param name="Program">The program, when the fd is one of a program.</param>
/// <param name="Link">The link, when the fd is one of a link.</param>
internal readonly record struct BpfReference(ProgramId? Program, LinkId? Link);

/// <summary>Reads <c>/proc/&lt;pid&gt;/fd</c> and <c>/proc/&lt;pid&gt;/fdinfo</c>: pure, over their text.</summary>
/// <remarks>
/// <code>
/// anon_inode:bpf-prog     prog_type:  6  ...  prog_id:  46
/// anon_inode:bpf_link     link_type:  xdp     link_id:  3   prog_tag:  ...   prog_id:  46
/// </code>
/// The name of a link was <c>bpf-link</c> on some kernels. Its fdinfo names its program too, which the process does not hold.
/// </remarks>
internal static class FdInfo
{
    private const string Anonymous = "anon_inode:";
    private const string LinkKey = "link_id:";
    private const string ProgramKey = "prog_id:";

    /// <summary>Whether an fd with this target may be one of a program or a link.</summary>
    public static bool IsProgramOrLink(string target) =>
        target.StartsWith(Anonymous, StringComparison.Ordinal)
        && target.AsSpan(Anonymous.Length).Trim("[]") is "bpf-prog" or "bpf-link" or "bpf_link";

    /// <summary>What the fd refers to. Null: the text names neither.</summary>
    public static BpfReference? Read(string text)
    {
        if (ReadId(text, LinkKey) is { } link)
            return new BpfReference(null, new LinkId(link));
        return ReadId(text, ProgramKey) is { } program ? new BpfReference(new ProgramId(program), null) : null;
    }

    private static uint? ReadId(string text, string key)
    {
        foreach (var line in text.AsSpan().EnumerateLines())
        {
            if (line.StartsWith(key, StringComparison.Ordinal)
                && uint.TryParse(line[key.Length..].Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out var id)
                && id > 0)
                return id;
        }

        return null;
    }
}
