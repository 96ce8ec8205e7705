using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.InteropServices;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <summary>Tracing programs and their maps on the running kernel.</summary>
/// <param name="bpf">Loads what has its maps filled in.</param>
internal sealed unsafe class LinuxProbes(LinuxBpf bpf) : IProbes
{
    private const int InstructionSizeBytes = 8;
    private const int ImmediateOffset = 4;
    private const long NanosecondsPerSecond = 1_000_000_000;
    private const uint FunctionRecordSizeBytes = 8;

    /// <inheritdoc/>
    public uint? ReadEntryTypeId(ProgramFd program)
    {
        // A record is u32 first instruction, u32 type id; the first one is of instruction 0.
        var record = stackalloc uint[2];
        var info = new ProgramInfoLayout { FuncInfoRecSize = FunctionRecordSizeBytes, FuncInfo = (ulong)record, NrFuncInfo = 1 };
        LinuxBpf.ReadInfo(program, ref info, "program");
        return info.NrFuncInfo == 0 ? null : record[1];
    }

    /// <inheritdoc/>
    public MapFd CreateMap(ProbeMapKind kind, string name, int sizeBytes)
    {
        var isRing = kind == ProbeMapKind.Ring;
        var attr = new MapCreateAttr
        {
            MapType = (uint)kind,
            KeySize = isRing ? 0u : sizeof(uint),
            ValueSize = isRing ? 0u : (uint)sizeBytes,
            MaxEntries = isRing ? (uint)sizeBytes : 1,
            MapName = KernelName16.From(name),
        };
        var fd = MemLockLimit.WithRaisedLimit(ref attr, BpfCommand.MapCreate, out var errno);
        if (errno == 0)
            return new MapFd(fd);
        throw isRing && errno == Errno.EINVAL
            ? new UnsupportedKernelException("ring buffers (BPF_MAP_TYPE_RINGBUF)", "5.8", errno)
            : BpfErrors.Explain($"BPF_MAP_CREATE {name}", errno, "CAP_BPF");
    }

    /// <inheritdoc/>
    /// <remarks>
    /// The kernel writes for every possible CPU, whatever room there is: type and size are asked for first. They never
    /// change while the fd is open, so this opens no window.
    /// </remarks>
    public byte[] ReadPerCpu(MapFd map, int valueSize)
    {
        var info = bpf.GetInfo(map);
        if (info.Type != (uint)ProbeMapKind.PerCpuArray || info.ValueSize != valueSize || valueSize % sizeof(ulong) != 0)
            throw new ArgumentException($"map {info.Id.Value} is of type {info.Type} with values of {info.ValueSize} bytes, not a per-CPU array of {valueSize}", nameof(map));
        return LinuxBpf.LookUpFirst(map, checked(PossibleCpus.Count * valueSize));
    }

    /// <inheritdoc/>
    public IRing OpenRing(MapFd ring, int sizeBytes) => new MappedRing(ring, sizeBytes);

    /// <inheritdoc/>
    public long ReadClockOffsetNs()
    {
        // On Linux the ticks of Stopwatch are the nanoseconds of CLOCK_MONOTONIC.
        var sinceEpoch = DateTimeOffset.UtcNow - DateTimeOffset.UnixEpoch;
        return sinceEpoch.Ticks * TimeSpan.NanosecondsPerTick - Stopwatch.GetTimestamp() * (NanosecondsPerSecond / Stopwatch.Frequency);
    }

    /// <inheritdoc/>
    public ProgramFd LoadProgram(in ProgramLoadRequest request, ImmutableArray<BpfMapReference> references, IReadOnlyDictionary<string, MapFd> maps)
    {
        var leases = maps.ToDictionary(map => map.Key, map => map.Value.Handle, StringComparer.Ordinal);
        var held = new List<SafeHandle>();
        try
        {
            var instructions = request.Instructions.ToArray();
            foreach (var reference in references)
            {
                var handle = leases[reference.Map];
                var isAdded = false;
                handle.DangerousAddRef(ref isAdded);
                held.Add(handle);
                var number = unchecked((int)handle.DangerousGetHandle());
                MemoryMarshal.Write(instructions.AsSpan(reference.Index * InstructionSizeBytes + ImmediateOffset), number);
            }

            return bpf.LoadProgram(request with { Instructions = instructions });
        }
        finally
        {
            foreach (var handle in held)
                handle.DangerousRelease();
        }
    }

    /// <inheritdoc/>
    public LinkFd StartProbe(ProgramFd probe)
    {
        using var lease = new FdLease(probe.Handle);
        var attr = new RawTracepointAttr { ProgFd = (uint)lease.Number };
        var fd = BpfSyscall.Open(BpfCommand.RawTracepointOpen, ref attr, out var errno);
        return errno switch
        {
            0 => new LinkFd(fd),
            Errno.E2BIG => throw new KernelException(
                "BPF_RAW_TRACEPOINT_OPEN", errno, null, "Too many programs watch this component already; end one of them ('bpftool link' lists them)."),
            _ => throw BpfErrors.Explain("BPF_RAW_TRACEPOINT_OPEN", errno, "CAP_BPF", "CAP_PERFMON"),
        };
    }
}
