using System.Globalization;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Where pins are, the same for every application on the host.</summary>
/// <param name="bpfFsPath">Mount point of the shared BPF file system.</param>
/// <remarks><code>&lt;bpffs&gt;/xdp/dispatch-&lt;ifindex&gt;-&lt;dispatcher id&gt;/prog&lt;N&gt;-prog, prog&lt;N&gt;-link</code></remarks>
internal sealed class PinPaths(string bpfFsPath)
{
    /// <summary>Mount point of the BPF file system.</summary>
    public string FileSystem { get; } = bpfFsPath;

    /// <summary>Parent of all dispatcher directories; the lock is taken on it.</summary>
    public string Root { get; } = bpfFsPath.TrimEnd('/') + "/xdp";

    /// <summary>Directory of one dispatcher on one interface.</summary>
    public string DirectoryOf(int ifindex, ProgramId dispatcher) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root}/dispatch-{ifindex}-{dispatcher.Value}");

    /// <summary>Pin of a component's program.</summary>
    public static string ProgramPin(string directory, int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{directory}/prog{slot}-prog");

    /// <summary>Pin of the link that holds a component in its slot.</summary>
    public static string LinkPin(string directory, int slot) =>
        string.Create(CultureInfo.InvariantCulture, $"{directory}/prog{slot}-link");
}
