using System.Collections.Immutable;
using System.Globalization;

namespace Dispatcher.Runtime.Interop;

/// <summary>The effective capabilities of this process, from <c>/proc/self/status</c>.</summary>
internal static class Capabilities
{
    private const string Prefix = "CapEff:";

    private static readonly Dictionary<string, int> Bits = new(StringComparer.Ordinal)
    {
        ["CAP_DAC_OVERRIDE"] = 1,
        ["CAP_NET_ADMIN"] = 12,
        ["CAP_SYS_PTRACE"] = 19,
        ["CAP_SYS_ADMIN"] = 21,
        ["CAP_SYS_RESOURCE"] = 24,
        ["CAP_PERFMON"] = 38,
        ["CAP_BPF"] = 39,
    };

    /// <summary>What a process needs to share a NIC. The file system of pins belongs to root, who needs no leave to write there.</summary>
    public static ImmutableArray<string> Needed { get; } =
        Environment.IsPrivilegedProcess ? ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_SYS_ADMIN"] : ["CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON", "CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"];

    /// <summary>Which of these the process lacks; CAP_SYS_ADMIN stands in for CAP_BPF and CAP_PERFMON, as in the kernel.</summary>
    /// <returns>Null when the file cannot be read.</returns>
    public static IReadOnlyList<string>? Missing(params ReadOnlySpan<string> wanted)
    {
        if (Read() is not { } effective)
            return null;
        var isSysAdmin = Has(effective, "CAP_SYS_ADMIN");
        var missing = new List<string>();
        foreach (var name in wanted)
        {
            if (!Has(effective, name) && !(isSysAdmin && name is ("CAP_BPF" or "CAP_PERFMON")))
                missing.Add(name);
        }

        return missing;
    }

    private static bool Has(ulong effective, string name) => (effective >> Bits[name] & 1) != 0;

    private static ulong? Read()
    {
        try
        {
            foreach (var line in File.ReadLines("/proc/self/status"))
            {
                if (line.StartsWith(Prefix, StringComparison.Ordinal)
                    && ulong.TryParse(line.AsSpan(Prefix.Length).Trim(), NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var bits))
                    return bits;
            }
        }
        catch (IOException)
        {
            return null;
        }
        catch (UnauthorizedAccessException)
        {
            return null;
        }

        return null;
    }
}
