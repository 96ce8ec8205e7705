using System.Globalization;

namespace Dispatcher.Runtime.Interop;

/// <summary>Reads <c>/proc/locks</c>; what is asked of its lines is pure.</summary>
/// <remarks>
/// <code>
/// 1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF
/// 1: -> FLOCK  ADVISORY  WRITE 1240 00:1a:5678 0 EOF      waits for it
/// </code>
/// Device numbers are hexadecimal, the inode is decimal; a process of another pid namespace has no number.
/// </remarks>
internal static class LockTable
{
    private const string Path = "/proc/locks";
    private const string Waiting = "->";
    private const int KindField = 1;
    private const int ProcessField = 4;
    private const int FileField = 5;

    /// <summary>The lines there are now; none when this process may not see them.</summary>
    public static string[] ReadLines()
    {
        try
        {
            return File.ReadAllLines(Path);
        }
        catch (Exception unseen) when (unseen is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>The process that holds a flock on a file. Null: none is seen.</summary>
    public static int? FindFlockHolder(IEnumerable<string> lines, FileIdentity file) =>
        lines.Select(line => FlockOf(line, file)).FirstOrDefault(found => found is { IsWaiting: false })?.Process;

    /// <summary>Whether a process holds a flock on a file or waits for one.</summary>
    public static bool HasFlock(IEnumerable<string> lines, FileIdentity file, int process) =>
        lines.Any(line => FlockOf(line, file)?.Process == process);

    private static (int Process, bool IsWaiting)? FlockOf(string line, FileIdentity file)
    {
        var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var shift = fields.Length > KindField && fields[KindField] == Waiting ? 1 : 0;
        return fields.Length > FileField + shift
            && fields[KindField + shift] == "FLOCK"
            && IsSameFile(fields[FileField + shift], file)
            && int.TryParse(fields[ProcessField + shift], CultureInfo.InvariantCulture, out var process)
            && process > 0
            ? (process, shift > 0)
            : null;
    }

    private static bool IsSameFile(string field, FileIdentity file) =>
        field.Split(':') is [var major, var minor, var inode]
        && uint.TryParse(major, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var majorNumber)
        && uint.TryParse(minor, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var minorNumber)
        && ulong.TryParse(inode, CultureInfo.InvariantCulture, out var inodeNumber)
        && (majorNumber, minorNumber, inodeNumber) == (file.DeviceMajor, file.DeviceMinor, file.Inode);
}
