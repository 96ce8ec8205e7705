using System.Collections.Immutable;
using System.Globalization;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>A mount as <c>/proc/&lt;pid&gt;/mountinfo</c> shows it.</summary>
/// <param name="Root">What of the file system is mounted; for a namespace <c>net:[inode]</c>.</param>
/// <param name="Point">Where, as the process sees it.</param>
/// <param name="FileSystem">Its type.</param>
/// <param name="Options">Of the mount and of the file system.</param>
internal sealed record MountEntry(string Root, string Point, string FileSystem, ImmutableArray<string> Options);

/// <summary>Reads <c>/proc/&lt;pid&gt;/mountinfo</c>: pure, over its lines.</summary>
/// <remarks>
/// <code>
/// 36 35 98:0 /root /mount/point rw,noatime shared:1 - ext4 /dev/sda1 rw
/// </code>
/// Before the lone dash any number of optional fields; space, tab, newline and backslash are octal.
/// </remarks>
internal static class MountTable
{
    private const string NetworkPrefix = "net:[";
    private const int RootField = 3;
    private const int PointField = 4;
    private const int OptionsField = 5;
    private const int OctalDigits = 3;

    /// <summary>The mounts, in their order; a line that does not read as one is left out.</summary>
    public static ImmutableArray<MountEntry> Read(IEnumerable<string> lines)
    {
        var mounts = ImmutableArray.CreateBuilder<MountEntry>();
        foreach (var line in lines)
        {
            var fields = line.Split(' ');
            var dash = Array.IndexOf(fields, "-");
            if (dash <= OptionsField || fields.Length <= dash + 1)
                continue;
            var options = fields[OptionsField].Split(',').Concat(fields.Length > dash + 3 ? fields[dash + 3].Split(',') : []);
            mounts.Add(new MountEntry(Unescape(fields[RootField]), Unescape(fields[PointField]), fields[dash + 1], [.. options]));
        }

        return mounts.DrainToImmutable();
    }

    /// <summary>Whether a proc mount leaves processes out of its list for those who may not trace them.</summary>
    public static bool HidesProcesses(MountEntry mount) => mount.FileSystem == "proc"
        && mount.Options.Any(option => option is "hidepid=2" or "hidepid=4" or "hidepid=invisible" or "hidepid=ptraceable");

    /// <summary>The inode of the network namespace that is mounted. Null: it is another mount.</summary>
    public static ulong? NetworkNamespaceOf(MountEntry mount) =>
        mount.FileSystem == "nsfs" && mount.Root.StartsWith(NetworkPrefix, StringComparison.Ordinal)
        && ulong.TryParse(mount.Root.AsSpan(NetworkPrefix.Length).TrimEnd(']'), NumberStyles.None, CultureInfo.InvariantCulture, out var inode)
            ? inode
            : null;

    private static string Unescape(string field)
    {
        if (!field.Contains('\\', StringComparison.Ordinal))
            return field;
        var text = new StringBuilder();
        for (var index = 0; index < field.Length; index++)
        {
            if (field[index] == '\\' && index + OctalDigits < field.Length && TryReadOctal(field.AsSpan(index + 1, OctalDigits), out var character))
            {
                text.Append(character);
                index += OctalDigits;
            }
            else
            {
                text.Append(field[index]);
            }
        }

        return text.ToString();
    }

    private static bool TryReadOctal(ReadOnlySpan<char> digits, out char value)
    {
        value = '\0';
        foreach (var digit in digits)
        {
            if (digit is < '0' or > '7')
                return false;
            value = (char)((value << 3) | (digit - '0'));
        }

        return value < 128;
    }
}
