using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Where pins are, the same for every application on the host.</summary>
/// <param name="bpfFsPath">Mount point of the shared BPF file system.</param>
/// <remarks><code>&lt;bpffs&gt;/xdp/dispatch-&lt;ifindex&gt;-&lt;dispatcher id&gt;/prog&lt;N&gt;-prog, prog&lt;N&gt;-link</code></remarks>
internal sealed class PinPaths(string bpfFsPath)
{
    private const string Prefix = "dispatch-";
    private const string UsualFileSystem = XdpDispatcherOptions.UsualBpfFsPath;
    private static readonly ImmutableArray<string> ProgramNames = NamesOf("prog");
    private static readonly ImmutableArray<string> LinkNames = NamesOf("link");

    /// <summary>Mount point of the BPF file system.</summary>
    public string FileSystem { get; } = bpfFsPath;

    /// <summary>Parent of all dispatcher directories; the lock is taken on it.</summary>
    public string Root { get; } = bpfFsPath.TrimEnd('/') + "/xdp";

    /// <summary>Directory of one dispatcher on one interface.</summary>
    public string DirectoryOf(int ifindex, ProgramId dispatcher) =>
        string.Create(CultureInfo.InvariantCulture, $"{Root}/{PrefixOf(ifindex)}{dispatcher.Value}");

    /// <summary>What the names of the directories of one interface begin with.</summary>
    public static string PrefixOf(int ifindex) => string.Create(CultureInfo.InvariantCulture, $"{Prefix}{ifindex}-");

    /// <summary>Reads the name of a dispatcher's directory. Null: it is not one.</summary>
    /// <param name="name">Without the path to it.</param>
    public PinDirectory? Parse(string name)
    {
        return name.StartsWith(Prefix, StringComparison.Ordinal)
            && name[Prefix.Length..].Split('-') is [var ifindex, var id]
            && int.TryParse(ifindex, NumberStyles.None, CultureInfo.InvariantCulture, out var index) && index > 0
            && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var program) && program > 0
            && DirectoryOf(index, new ProgramId(program)) is var path && path.EndsWith("/" + name, StringComparison.Ordinal)
            ? new PinDirectory(path, index, new ProgramId(program))
            : null;
    }

    /// <summary>What to do where there is no BPF file system, without a full stop.</summary>
    /// <remarks>Over a folder with files of others, which was named by mistake, nothing is to be mounted.</remarks>
    public string MountAdvice => FileSystem == UsualFileSystem
        ? $"Mount it with 'mount -t bpf bpf {FileSystem}'"
        : $"Leave that out for {UsualFileSystem}, which applications share, or name a place where one is mounted";

    /// <summary>Where one is missing, and by whose word it belongs there.</summary>
    public string MissingPlace => Printable.Escape(FileSystem) + (FileSystem == UsualFileSystem ? "" : ", which LIBXDP_BPFFS or XdpDispatcherOptions.BpfFsPath names");

    /// <summary>As <see cref="MountAdvice"/>, where an attach may mount one.</summary>
    public string MountAdviceForAttach => MountAdvice
        + (FileSystem == UsualFileSystem ? ", or set LIBXDP_BPFFS_AUTOMOUNT=1 to have an attach do it; LIBXDP_BPFFS names another mount point, which all applications on the host must share" : "");

    /// <summary>There is no BPF file system where the pins belong.</summary>
    /// <param name="files">The port.</param>
    /// <param name="mayAttach">What was asked is an attach, which can be told to mount one.</param>
    public NotFoundException NotMounted(IBpfFs files, bool mayAttach) => new(files.IsPrivate(FileSystem)
        ? $"This mount namespace, which is not the host's, has no BPF file system at {Printable.Escape(FileSystem)} ('ip netns exec' makes such namespaces). One that is mounted in it "
            + "ends with it, and the programs with it. Run this outside, and name the network namespace (XdpDispatcherOptions.NetworkNamespace)."
        : $"There is no BPF file system at {MissingPlace}. {(mayAttach ? MountAdviceForAttach : MountAdvice)}.");

    /// <summary>The same where a chain runs whose pins must be somewhere.</summary>
    public NotFoundException PinsNotSeen(KernelPort kernel, string interfaceName) => kernel.Files.IsPrivate(FileSystem) ? NotMounted(kernel.Files, mayAttach: false) : new NotFoundException(
        $"A program runs on {Printable.Escape(interfaceName)}, and its pins are not seen: there is no BPF file system at {MissingPlace}. {MountAdvice} "
        + "(that is not done automatically where a program runs); "
        + $"if the pins are lost, 'xdp-dispatch clean {Printable.Escape(interfaceName)}{BrokenChain.NetnsOption(kernel.NetworkNamespace)} --repair' mends what is alive then.");

    /// <summary>Pin of a component's program.</summary>
    public static string ProgramPin(string directory, int slot) => $"{directory}/{ProgramName(slot)}";

    /// <summary>Pin of the link that holds a component in its slot.</summary>
    public static string LinkPin(string directory, int slot) => $"{directory}/{LinkName(slot)}";

    /// <summary>Name of a component's pin in the directory.</summary>
    public static string ProgramName(int slot) => ProgramNames[slot];

    /// <summary>Name of a link's pin in the directory.</summary>
    public static string LinkName(int slot) => LinkNames[slot];

    private static ImmutableArray<string> NamesOf(string kind) =>
        [.. Enumerable.Range(0, DispatcherLimits.MaxSlots).Select(slot => string.Create(CultureInfo.InvariantCulture, $"prog{slot}-{kind}"))];
}

/// <summary>A dispatcher's directory of pins, as its name says.</summary>
/// <param name="Path">Absolute.</param>
/// <param name="InterfaceIndex">Interface index in the network namespace of whoever made it.</param>
/// <param name="Dispatcher">Program id of the dispatcher.</param>
internal sealed record PinDirectory(string Path, int InterfaceIndex, ProgramId Dispatcher);
