using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>The semantics that the whole project stands on, on the running kernel.</summary>
[Collection(PortCollection.Name)]
public sealed class ExpectationRulesTests
{
    [RootTheory]
    [InlineData(Hook.Empty, Want.Attach, Expect.Empty, nameof(SwapResult.Swapped))]
    [InlineData(Hook.Carries, Want.Attach, Expect.Empty, nameof(SwapResult.Busy))]
    [InlineData(Hook.Carries, Want.Attach, Expect.Right, nameof(SwapResult.Swapped))]
    [InlineData(Hook.Carries, Want.Attach, Expect.Wrong, nameof(SwapResult.Mismatch))]
    [InlineData(Hook.Carries, Want.Detach, Expect.Wrong, nameof(SwapResult.Mismatch))]
    [InlineData(Hook.Carries, Want.Detach, Expect.Right, nameof(SwapResult.Swapped))]
    [Rule("P-124")]
    public void Swaps_only_what_is_expected(Hook before, Want want, Expect expect, string outcome)
    {
        var port = LinuxKernel.Open();
        using var first = port.Bpf.LoadXdp(name: "first");
        using var second = port.Bpf.LoadXdp(name: "second");
        using var other = port.Bpf.LoadXdp(name: "other");
        PrivateNetwork.Run(() =>
        {
            if (before == Hook.Carries)
                Assert.Equal(SwapResult.Swapped, Swap(port, first, HookExpectation.Empty).Result);

            var expected = expect switch
            {
                Expect.Right => HookExpectation.Holds(first),
                Expect.Wrong => HookExpectation.Holds(other),
                _ => HookExpectation.Empty,
            };
            var answer = Swap(port, want == Want.Attach ? second : null, expected);

            Assert.Equal(outcome, answer.Result.ToString());
            ProgramId[] after = (answer.Result, want) switch
            {
                (SwapResult.Swapped, Want.Attach) => [port.Bpf.GetInfo(second).Id],
                (SwapResult.Swapped, _) => [],
                _ => [port.Bpf.GetInfo(first).Id],
            };
            Assert.Equal(after, port.Hook.Read(PrivateNetwork.LoopbackIfindex)!.Attached.Select(program => program.ProgramId));
        });
    }

    private static SwapOutcome Swap(KernelPort port, ProgramFd? program, HookExpectation expected) =>
        port.Hook.Swap(PrivateNetwork.LoopbackIfindex, program, expected, AttachMode.Skb);

    /// <summary>What is on the hook before.</summary>
    public enum Hook
    {
        Empty,
        Carries,
    }

    /// <summary>What is asked.</summary>
    public enum Want
    {
        Attach,
        Detach,
    }

    /// <summary>What is expected.</summary>
    public enum Expect
    {
        Empty,
        Right,
        Wrong,
    }
}
