using System.Buffers;
using System.Text;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <content>Loading, binding, attaching and running programs.</content>
internal sealed unsafe partial class LinuxBpf
{
    private const int MaxInterruptedLoads = 20;
    private const int MaxTestPacketBytes = 1 << 16;

    /// <inheritdoc/>
    public ProgramFd LoadProgram(in ProgramLoadRequest request)
    {
        using var btf = new FdLease(request.Btf?.Handle);
        using var target = new FdLease(request.AttachTarget?.Handle);
        var license = Encoding.UTF8.GetBytes(request.License + '\0');
        fixed (byte* instructions = request.Instructions)
        fixed (byte* licenseBytes = license)
        fixed (byte* functionInfo = request.FunctionInfo)
        fixed (byte* lineInfo = request.LineInfo)
        {
            var attr = new ProgramLoadAttr
            {
                ProgType = (uint)request.Type,
                InsnCnt = (uint)(request.Instructions.Length / InstructionSizeBytes),
                Insns = (ulong)instructions,
                License = (ulong)licenseBytes,
                ProgFlags = request.Flags,
                ProgName = KernelName16.From(request.Name),
                ProgIfindex = (uint)request.BoundIfindex,
                ExpectedAttachType = request.ExpectedAttachType,
                ProgBtfFd = (uint)btf.Number,
                FuncInfoRecSize = request.FunctionInfo.IsEmpty ? 0u : FunctionInfoSizeBytes,
                FuncInfo = (ulong)functionInfo,
                FuncInfoCnt = (uint)(request.FunctionInfo.Length / FunctionInfoSizeBytes),
                LineInfoRecSize = request.LineInfo.IsEmpty ? 0u : LineInfoSizeBytes,
                LineInfo = (ulong)lineInfo,
                LineInfoCnt = (uint)(request.LineInfo.Length / LineInfoSizeBytes),
                AttachBtfId = request.AttachBtfTypeId,
                AttachProgFd = (uint)target.Number,
            };
            var fd = LoadInNetwork(ref attr, out var errno);
            return errno == 0 ? new ProgramFd(fd) : ExplainLoad(ref attr, request, errno);
        }
    }

    /// <inheritdoc/>
    public void BindMap(ProgramFd program, MapFd map)
    {
        using var programLease = new FdLease(program.Handle);
        using var mapLease = new FdLease(map.Handle);
        var attr = new BindMapAttr { ProgFd = (uint)programLease.Number, MapFd = (uint)mapLease.Number };
        var errno = BpfSyscall.Invoke(BpfCommand.ProgramBindMap, ref attr);
        if (errno == Errno.EINVAL && !BpfSyscall.Knows(BpfCommand.ProgramBindMap))
            throw new UnsupportedKernelException("maps that no instruction refers to (BPF_PROG_BIND_MAP)", "5.10", errno);
        if (errno != 0)
            throw BpfErrors.Explain("BPF_PROG_BIND_MAP", errno);
    }

    /// <inheritdoc/>
    public LinkFd AttachToFunction(ProgramFd component, ProgramFd dispatcher, uint functionTypeId)
    {
        using var componentLease = new FdLease(component.Handle);
        using var dispatcherLease = new FdLease(dispatcher.Handle);
        var attr = new LinkCreateAttr
        {
            ProgFd = (uint)componentLease.Number,
            TargetFd = (uint)dispatcherLease.Number,
            TargetBtfId = functionTypeId,
        };
        var fd = BpfSyscall.Open(BpfCommand.LinkCreate, ref attr, out var errno);
        if (errno == 0)
            return new LinkFd(fd);
        if (errno == Errno.EINVAL && !BpfSyscall.Knows(BpfCommand.LinkCreate))
            throw new UnsupportedKernelException("links of replaced functions (BPF_LINK_CREATE)", "5.10", errno);
        throw BpfErrors.Explain($"BPF_LINK_CREATE on function {functionTypeId}", errno, "CAP_BPF", "CAP_NET_ADMIN", "CAP_PERFMON");
    }

    /// <inheritdoc/>
    public TestRunResult TestRun(ProgramFd program, ReadOnlySpan<byte> packet, int repeat = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(packet.Length, MinimumPacketBytes);
        ArgumentOutOfRangeException.ThrowIfLessThan(repeat, 1);
        using var lease = new FdLease(program.Handle);
        var output = ArrayPool<byte>.Shared.Rent(MaxTestPacketBytes);
        try
        {
            return TestRun(lease.Number, packet, output, repeat);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(output);
        }
    }

    private static TestRunResult TestRun(int program, ReadOnlySpan<byte> packet, byte[] output, int repeat)
    {
        fixed (byte* input = packet)
        fixed (byte* result = output)
        {
            var attr = new TestRunAttr
            {
                ProgFd = (uint)program,
                DataSizeIn = (uint)packet.Length,
                DataSizeOut = (uint)output.Length,
                DataIn = (ulong)input,
                DataOut = (ulong)result,
                Repeat = (uint)repeat,
            };
            var errno = BpfSyscall.Invoke(BpfCommand.ProgramTestRun, ref attr);
            return errno == 0
                ? new TestRunResult(attr.Retval, attr.Duration, output.AsSpan(0, (int)attr.DataSizeOut).ToArray())
                : throw BpfErrors.Explain("BPF_PROG_TEST_RUN", errno);
        }
    }

    /// <summary>The kernel looks the ifindex up in the network namespace of the calling thread.</summary>
    private OwnedFd LoadInNetwork(ref ProgramLoadAttr attr, out int errno)
    {
        if (network is null || attr.ProgIfindex == 0)
            return LoadUninterrupted(ref attr, out errno);
        var copy = attr;
        (var fd, errno) = network.Run(() => (LoadUninterrupted(ref copy, out var error), error));
        return fd;
    }

    /// <summary>The kernel answers EAGAIN when a signal is pending while it verifies.</summary>
    private static OwnedFd LoadUninterrupted(ref ProgramLoadAttr attr, out int errno)
    {
        for (var attempt = 1; ; attempt++)
        {
            var fd = MemLockLimit.WithRaisedLimit(ref attr, BpfCommand.ProgramLoad, out errno);
            if (errno != Errno.EAGAIN || attempt == MaxInterruptedLoads)
                return fd;
            fd.Dispose();
        }
    }

    /// <summary>Loads once more with a log, which costs time and so is only done to explain a failure.</summary>
    private ProgramFd ExplainLoad(ref ProgramLoadAttr attr, in ProgramLoadRequest request, int firstErrno)
    {
        attr.LogLevel = 1;
        for (var sizeBytes = KernelLog.DefaultSizeBytes; ; sizeBytes *= KernelLog.Growth)
        {
            using var log = new KernelLog(sizeBytes);
            attr.LogBuf = (ulong)log.Start;
            attr.LogSize = (uint)log.SizeBytes;
            var fd = LoadInNetwork(ref attr, out var errno);
            if (errno == 0)
                return new ProgramFd(fd);
            fd.Dispose();
            if (errno == Errno.ENOSPC && sizeBytes * KernelLog.Growth <= KernelLog.MaxSizeBytes)
                continue;
            if (log.Text is { Length: > 0 } text)
                throw new VerifierException(request.Name, firstErrno, text);
            throw BpfErrors.ExplainLoad(request, firstErrno);
        }
    }
}
