using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Loads ELF objects with libbpf: maps, CO-RE, kfuncs and global data as users know them.</summary>
/// <remarks>
/// libbpf follows wild numbers in objects that are cut or damaged, and takes the process with it. So it gets only objects that our strict readers
/// took (<see cref="Components.ObjectFile.Find"/>): of 13,000 mutated objects that passed them, none brought libbpf 1.1 down.
/// </remarks>
internal sealed unsafe partial class LibbpfComponentLoader : IComponentLoader
{
    private const int FirstFreeFd = 3;
    private const uint ProgramArray = 3;

    /// <inheritdoc/>
    public LoadedElf Load(ElfLoadRequest request)
    {
        LibbpfVersion.Require();
        using var log = new LibbpfLog();
        using var bpfObject = Open(request, log);
        var program = Select(bpfObject, request);
        PlacePins(bpfObject, request, log);
        TakeOverMaps(bpfObject, request, log);
        using var verifierLog = new KernelLog(KernelLog.MaxSizeBytes);
        Aim(program, request, verifierLog, log);
        var errno = ErrnoOf(Libbpf.Load(bpfObject));
        return errno == 0 ? TakeFds(bpfObject, program) : throw ExplainLoad(errno, request, verifierLog.Text, log);
    }

    private static LibbpfObject Open(ElfLoadRequest request, LibbpfLog log)
    {
        var name = Encoding.UTF8.GetBytes(ShortName(request.ObjectName) + '\0');
        var pinFolder = request.MapPinFolder is { } folder ? Encoding.UTF8.GetBytes(folder + '\0') : null;
        fixed (byte* nameBytes = name)
        fixed (byte* pinFolderBytes = pinFolder)
        fixed (byte* bytes = request.Object.Span)
        {
            var options = new LibbpfOpenOptions
            {
                SizeBytes = (nuint)sizeof(LibbpfOpenOptions),
                ObjectName = (nint)nameBytes,
                PinRootPath = (nint)pinFolderBytes,
            };
            var opened = new LibbpfObject(Libbpf.OpenMemory(bytes, (nuint)request.Object.Length, &options));
            if (!opened.IsInvalid)
                return opened;
            var errno = Marshal.GetLastPInvokeError();
            throw Fail($"libbpf cannot open it: {ErrnoText.Of(errno)}", request, log);
        }
    }

    private static nint Select(LibbpfObject bpfObject, ElfLoadRequest request)
    {
        nint selected = 0;
        for (var program = Libbpf.NextProgram(bpfObject, 0); program != 0; program = Libbpf.NextProgram(bpfObject, program))
        {
            var isWanted = Marshal.PtrToStringUTF8(Libbpf.ProgramName(program)) == request.FunctionName;
            _ = Libbpf.SetAutoload(program, isWanted ? (byte)1 : (byte)0);
            if (isWanted)
                selected = program;
        }

        return selected != 0
            ? selected
            : throw new NotFoundException($"{Printable.Escape(request.ObjectName)} has no program '{Printable.Escape(request.FunctionName)}'; 'xdp-dispatch inspect' lists what is in it.");
    }

    /// <summary>
    /// Without a folder nothing is pinned. With one, program arrays are, asked for or not: the kernel empties them when
    /// the last fd and pin of them go. The other maps are pinned when the object asks for it.
    /// </summary>
    private static void PlacePins(LibbpfObject bpfObject, ElfLoadRequest request, LibbpfLog log) => ForEachMap(bpfObject, map =>
    {
        if (request.MapPinFolder is not { } folder)
            Check(Libbpf.SetPinPath(map, 0), "bpf_map__set_pin_path", request, log);
        else if (Libbpf.MapType(map) == ProgramArray)
            SetPinPath(map, $"{folder.TrimEnd('/')}/{Marshal.PtrToStringUTF8(Libbpf.MapName(map))}", request, log);
    });

    private static void SetPinPath(nint map, string path, ElfLoadRequest request, LibbpfLog log)
    {
        fixed (byte* bytes = Encoding.UTF8.GetBytes(path + '\0'))
            Check(Libbpf.SetPinPath(map, (nint)bytes), "bpf_map__set_pin_path", request, log);
    }

    /// <summary>Makes it an extension of the stub; a section of its own meaning (<c>xdp.frags</c>) no longer counts.</summary>
    private static void Aim(nint program, ElfLoadRequest request, KernelLog verifierLog, LibbpfLog log)
    {
        using var target = new FdLease(request.Target.Handle);
        Check(Libbpf.SetType(program, (uint)ProgramType.Ext), "bpf_program__set_type", request, log);
        Check(Libbpf.SetExpectedAttachType(program, 0), "bpf_program__set_expected_attach_type", request, log);
        Check(Libbpf.SetAttachTarget(program, target.Number, request.TargetFunction), "bpf_program__set_attach_target", request, log);
        Check(Libbpf.SetLogBuffer(program, verifierLog.Start, (nuint)verifierLog.SizeBytes), "bpf_program__set_log_buf", request, log);
    }

    private static LoadedElf TakeFds(LibbpfObject bpfObject, nint program)
    {
        var maps = ImmutableSortedDictionary.CreateBuilder<string, MapFd>(StringComparer.Ordinal);
        var taken = new List<IDisposable>();
        try
        {
            ForEachMap(bpfObject, map =>
            {
                if (Libbpf.MapFd(map) is var fd and >= 0 && Marshal.PtrToStringUTF8(Libbpf.MapName(map)) is { } name)
                {
                    var copy = new MapFd(Copy(fd));
                    taken.Add(copy);
                    maps[name] = copy;
                }
            });
            return new LoadedElf(new ProgramFd(Copy(Libbpf.ProgramFd(program))), maps.ToImmutable());
        }
        catch
        {
            taken.ForEach(fd => fd.Dispose());
            throw;
        }
    }

    private static OwnedFd Copy(int fd)
    {
        var copy = Libc.Duplicate(fd, FirstFreeFd);
        return copy.IsInvalid ? throw new KernelException("fcntl F_DUPFD_CLOEXEC", Marshal.GetLastPInvokeError()) : copy;
    }

    private static DispatcherException ExplainLoad(int errno, ElfLoadRequest request, string verifierLog, LibbpfLog log)
    {
        if (verifierLog.Length > 0)
            return new VerifierException(request.FunctionName, errno, verifierLog, request.ObjectName);
        if (log.PinThatDoesNotFit is { } pin)
        {
            return new ComponentException(
                $"{Printable.Escape(request.ObjectName)}: a map of it is pinned at {Printable.Escape(pin)} already, and does not fit: another type, sizes or flags. "
                + "Name another folder for maps, or remove that pin when nobody needs the map.", log.Text);
        }

        return errno is Errno.EPERM or Errno.EACCES
            ? new KernelException($"loading {Printable.Escape(request.FunctionName)} of {Printable.Escape(request.ObjectName)} as EXT", errno, null, BpfErrors.ExtPermission())
            : Fail($"libbpf cannot load {Printable.Escape(request.FunctionName)}: {ErrnoText.Of(errno)}", request, log);
    }

    private static void Check(int result, string function, ElfLoadRequest request, LibbpfLog log)
    {
        if (ErrnoOf(result) is var errno and (Errno.EPERM or Errno.EACCES))
            throw new KernelException($"{function} for {Printable.Escape(request.FunctionName)} of {Printable.Escape(request.ObjectName)}", errno, null, BpfErrors.Permission(Capabilities.Needed.AsSpan()));
        if (ErrnoOf(result) is var other and not 0)
            throw Fail($"{function}: {ErrnoText.Of(other)}", request, log);
    }

    private static ComponentException Fail(string what, ElfLoadRequest request, LibbpfLog log)
    {
        var lastLine = log.LastUsefulLine is { } line ? $" ({Printable.Escape(line)})" : string.Empty;
        return new ComponentException($"{Printable.Escape(request.ObjectName)}: {what}{lastLine}.", log.Text);
    }

    private static int ErrnoOf(int result) => result < 0 ? -result : 0;

    private static void ForEachMap(LibbpfObject bpfObject, Action<nint> action)
    {
        for (var map = Libbpf.NextMap(bpfObject, 0); map != 0; map = Libbpf.NextMap(bpfObject, map))
            action(map);
    }

    /// <summary>What libbpf itself calls an object file: its file name up to the first dot. Maps of global data are named after it.</summary>
    private static string ShortName(string objectName)
    {
        var name = Path.GetFileName(objectName);
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 ? name[..dot] : name;
    }
}
