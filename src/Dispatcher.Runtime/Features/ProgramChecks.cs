using System.Globalization;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;
using static Dispatcher.Runtime.Features.ProbePrograms;

namespace Dispatcher.Runtime.Features;

/// <summary>Checks that load and attach programs of their own; what is attached is attached in a private network namespace.</summary>
internal static class ProgramChecks
{
    private static readonly byte[] Packet = new byte[64];

    public static DoctorFinding BpfSyscall(KernelPort port)
    {
        var count = 0;
        for (var id = port.Bpf.NextProgram(null); id is not null; id = port.Bpf.NextProgram(id))
            count++;
        return Check.Ok("bpf system call", string.Create(CultureInfo.InvariantCulture, $"works; {count} {(count == 1 ? "program is" : "programs are")} loaded"));
    }

    public static DoctorFinding BtfLoad(KernelPort port)
    {
        using var btf = port.Bpf.LoadBtf(ComponentBtf.Synthesise(Name).Btf.Encode(!BitConverter.IsLittleEndian));
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
            using var component = LoadExt(port, target.Program, target.TargetTypeId(0));
            return Check.Ok("EXT program load", "accepted");
        }
        catch (KernelException refused) when (refused.Errno is Errno.EPERM or Errno.EACCES && Capabilities.Missing(Capabilities.Needed.AsSpan()) is not [_, ..])
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

    private static SwapOutcome Swap(KernelPort port, ProgramFd program, HookExpectation expected) =>
        port.Hook.Swap(PrivateNetwork.LoopbackIfindex, program, expected, AttachMode.Skb);
}
