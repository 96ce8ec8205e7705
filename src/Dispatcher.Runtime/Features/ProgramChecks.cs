using System.Globalization;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Features;

/// <summary>Checks that load and attach programs of their own; what is attached is attached in a private network namespace.</summary>
internal static class ProgramChecks
{
    private const uint AttachTypeXdp = 37;
    private const int Drop = 1;
    private const int Pass = 2;
    private const string Probe = "doctor_probe";
    private static readonly byte[] Packet = new byte[64];

    // Two slots, so that the first is a stub.
    private static readonly DispatcherSpec TwoSlots = new(DispatcherVersion.V2, [Slot.Default, Slot.Default]);

    public static DoctorFinding BpfSyscall(KernelPort port)
    {
        var count = 0;
        for (var id = port.Bpf.NextProgram(null); id is not null; id = port.Bpf.NextProgram(id))
            count++;
        return Check.Ok("bpf system call", string.Create(CultureInfo.InvariantCulture, $"works; {count} programs are loaded"));
    }

    public static DoctorFinding BtfLoad(KernelPort port)
    {
        using var btf = port.Bpf.LoadBtf(ComponentBtf.Synthesise(Probe).Btf.Encode(!BitConverter.IsLittleEndian));
        return Check.Ok("BTF load", "accepted");
    }

    public static DoctorFinding XdpLoad(KernelPort port)
    {
        using var program = LoadXdp(port, Pass);
        var verdict = port.Bpf.TestRun(program, Packet).Verdict;
        return verdict == Pass
            ? Check.Ok("XDP program load", "accepted, and gives its verdict in a test run")
            : Check.Fail("XDP program load", $"accepted, but a test run gives verdict {verdict}", "Please report this kernel.");
    }

    public static DoctorFinding DispatcherLoad(KernelPort port)
    {
        using var dispatcher = DispatcherLoader.Load(port.Bpf, TwoSlots);
        return Check.Ok("dispatcher load", "accepted, with its config map");
    }

    public static DoctorFinding XdpAttach(KernelPort port)
    {
        using var program = LoadXdp(port, Pass);
        var outcome = PrivateNetwork.Run(() => Swap(port, program, HookExpectation.Empty));
        return outcome.Result == SwapResult.Swapped
            ? Check.Ok("XDP attach", "works (skb mode, in a network namespace of its own)")
            : Check.Fail("XDP attach", $"{outcome.Result}: {outcome.KernelText}", "Please report this kernel.");
    }

    /// <summary>The compare-and-swap that everything stands on: a wrong expectation must be refused, the right one accepted.</summary>
    public static DoctorFinding ExpectedSwap(KernelPort port)
    {
        using var first = LoadXdp(port, Pass);
        using var second = LoadXdp(port, Drop);
        var (wrong, right) = PrivateNetwork.Run(() =>
        {
            Swap(port, first, HookExpectation.Empty);
            return (Swap(port, second, HookExpectation.Holds(second)).Result, Swap(port, second, HookExpectation.Holds(first)).Result);
        });
        return (wrong, right) == (SwapResult.Mismatch, SwapResult.Swapped)
            ? Check.Ok("expected-program swap", "a wrong expectation is refused, the right one accepted")
            : Check.Fail("expected-program swap", $"wrong expectation: {wrong}, right expectation: {right}", "Use Linux 5.7 or later.");
    }

    public static DoctorFinding ExtLoad(KernelPort port)
    {
        using var target = DispatcherLoader.Load(port.Bpf, TwoSlots);
        try
        {
            using var component = LoadExt(port, target);
            return Check.Ok("EXT program load", "accepted");
        }
        catch (KernelException refused) when (refused.Errno is Errno.EPERM or Errno.EACCES)
        {
            return Check.Fail("EXT program load", "refused, though the dispatcher it extends was accepted",
                $"Without it no component can be put into a chain; reading and generating dispatchers works. {BpfErrors.ExtPermission()}", refused.Errno);
        }
    }

    /// <summary>As the runtime does it: loaded against one dispatcher, attached to another.</summary>
    public static DoctorFinding ExtAttach(KernelPort port)
    {
        using var component = LoadAgainstPrivate(port);
        using var dispatcher = DispatcherLoader.Load(port.Bpf, TwoSlots);
        using var link = port.Bpf.AttachToFunction(component, dispatcher.Program, dispatcher.TargetTypeId(0));
        var verdict = port.Bpf.TestRun(dispatcher.Program, Packet).Verdict;
        return verdict == Drop
            ? Check.Ok("EXT attach", "a component replaces a function of a dispatcher, and its verdict counts")
            : Check.Fail("EXT attach", $"attached, but the verdict of the dispatcher is {verdict}", "Please report this kernel.");
    }

    private static ProgramFd LoadAgainstPrivate(KernelPort port)
    {
        using var target = DispatcherLoader.Load(port.Bpf, TwoSlots);
        return LoadExt(port, target);
    }

    private static ProgramFd LoadExt(KernelPort port, LoadedDispatcher target)
    {
        var bigEndian = !BitConverter.IsLittleEndian;
        var (btf, function) = ComponentBtf.Synthesise(Probe);
        using var btfFd = port.Bpf.LoadBtf(btf.Encode(bigEndian));
        return port.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Ext,
            Name = Probe,
            Instructions = Returning(Drop),
            License = "GPL",
            Btf = btfFd,
            FunctionInfo = BtfExt.EncodeForKernel([new BtfFuncInfo(0, function)], bigEndian),
            AttachTarget = target.Program,
            AttachBtfTypeId = target.TargetTypeId(0),
        });
    }

    private static ProgramFd LoadXdp(KernelPort port, int verdict) => port.Bpf.LoadProgram(new ProgramLoadRequest
    {
        Type = ProgramType.Xdp,
        Name = Probe,
        Instructions = Returning(verdict),
        License = "GPL",
        ExpectedAttachType = AttachTypeXdp,
    });

    private static SwapOutcome Swap(KernelPort port, ProgramFd program, HookExpectation expected) =>
        port.Hook.Swap(PrivateNetwork.LoopbackIfindex, program, expected, AttachMode.Skb);

    /// <summary>r0 = verdict; exit.</summary>
    private static byte[] Returning(int verdict) => BpfEncoding.Encode(
        new BpfAssembler().Function(Probe).Move(BpfRegister.R0, verdict).Exit().Assemble().Instructions.AsSpan(),
        !BitConverter.IsLittleEndian);
}
