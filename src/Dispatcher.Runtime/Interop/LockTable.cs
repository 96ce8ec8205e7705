using System.Globalization;

namespace Dispatcher.Runtime.Interop;

/// <summary>Reads <c>/proc/locks</c>: pure, over its lines.</summary>
/// <remarks>
/// <code>
/// 1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF
/// 1: -> FLOCK  ADVISORY  WRITE 1240 00:1a:5678 0 EOF      waits for it
/// </code>
/// Device numbers are hexadecimal, the inode is decimal; a process of another pid namespace has no number.
/// </remarks>
internal static class LockTable
{
    private const int KindField = 1;
    private const int ProcessField = 4;
    private const int FileField = 5;

    /// <summary>The process that holds a flock on a file. Null: none is seen.</summary>
    public static int? FindFlockHolder(IEnumerable<string> lines, FileIdentity file)
    {
        foreach (var line in lines)
        {
            var fields = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (fields.Length > FileField
                && fields[KindField] == "FLOCK"
                && IsSameFile(fields[FileField], file)
                && int.TryParse(fields[ProcessField], CultureInfo.InvariantCulture, out var process)
                && process > 0)
                return process;
        }

        return null;
    }

    private static bool IsSameFile(string field, FileIdentity file) =>
        field.Split(':') is [var major, var minor, var inode]
        && uint.TryParse(major, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var majorNumber)
        && uint.TryParse(minor, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var minorNumber)
        && ulong.TryParse(inode, CultureInfo.InvariantCulture, out var inodeNumber)
        && (majorNumber, minorNumber, inodeNumber) == (file.DeviceMajor, file.DeviceMinor, file.Inode);
}
