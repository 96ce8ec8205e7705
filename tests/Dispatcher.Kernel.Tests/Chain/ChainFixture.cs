using System.Globalization;
using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>A veth pair, a BPF file system and two applications that know nothing of each other; checks on dispose that nothing is left.</summary>
internal sealed class ChainFixture : IDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Begin();
    private readonly BpfFs _bpfFs = new();
    private readonly KernelPort _port = LinuxKernel.Open();

    /// <param name="otherEnd">Where the other end of the interface is; null: the namespace of this process.</param>
    public ChainFixture(NetNamespace? otherEnd = null)
    {
        Pair = new VethPair(right: otherEnd);
        One = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = _bpfFs.FullPath });
        Other = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = _bpfFs.FullPath });
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public XdpDispatcher One { get; }

    public XdpDispatcher Other { get; }

    public VethPair Pair { get; }

    public string Interface => Pair.Left.Name;

    public string BpfFsPath => _bpfFs.FullPath;

    /// <summary>A path on the BPF file system.</summary>
    public string PathOf(string name) => _bpfFs.PathOf(name);

    public IReadOnlyList<string> Pins => _bpfFs.Entries();

    public static ComponentProgram Returning(string name, XdpAction verdict, uint priority = DispatcherLimits.DefaultPriority) =>
        ComponentProgram.FromBytecode(name, TinyProgram.Returning((int)verdict)) with { Priority = priority };

    public Task<ChangeResult> Attach(XdpDispatcher by, params ComponentProgram[] programs) =>
        by.AttachAsync(Interface, programs, cancellationToken: Cancellation);

    /// <summary>Puts a program on the hook that is no dispatcher, as a stranger to the protocol does.</summary>
    /// <param name="hook"><c>xdpdrv</c> or <c>xdpgeneric</c>.</param>
    /// <param name="options">Of ip(8).</param>
    public void AttachForeign(string hook, params string[] options)
    {
        var pin = PathOf("foreign");
        using (var program = _port.Bpf.LoadXdp())
            Assert.True(_port.Files.Pin(program, pin));
        Tool.Run("ip", [.. options, "link", "set", "dev", Interface, hook, "pinned", pin]).OrFail();
        Assert.True(_port.Files.Unpin(pin));
    }

    /// <summary><c>ip link set dev</c> on the interface.</summary>
    public void Link(params string[] words) => Tool.Run("ip", ["link", "set", "dev", Interface, .. words]).OrFail();

    /// <summary>Sets the MTU of both ends.</summary>
    public void SetMtu(int mtu)
    {
        foreach (var end in new[] { Pair.Left, Pair.Right })
            end.Run("ip", "link", "set", end.Name, "mtu", mtu.ToString(CultureInfo.InvariantCulture)).OrFail();
    }

    /// <summary>How an attach is refused by what holds the hook; a detach is, too.</summary>
    public async Task<ForeignProgramException> Refusal()
    {
        await Assert.ThrowsAsync<ForeignProgramException>(() => One.DetachAsync(Interface, ComponentSelection.All, Cancellation));
        return await Assert.ThrowsAsync<ForeignProgramException>(() => Attach(One, Returning("late", XdpAction.Pass)));
    }

    /// <summary>Waits until the kernel has freed what held the hook: it does so later, not at once.</summary>
    public async Task BecomesEmpty()
    {
        while (!(await Read()).IsEmpty)
            await Task.Delay(10, Cancellation);
    }

    public Task<HookStatus> Read() => One.GetStatusAsync(Interface, Cancellation);

    public async Task<string[]> Names() => [.. (await Read()).Chain!.Programs.Select(program => program.Name)];

    /// <summary>What the chain does with a packet, by a test run of the dispatcher on the hook with its components in place.</summary>
    public async Task<XdpAction> Verdict() => (XdpAction)(await Run(new byte[64])).Verdict;

    /// <summary>Verdict of the chain on a packet, and the packet afterwards.</summary>
    public async Task<TestRunResult> Run(byte[] packet)
    {
        using var dispatcher = _port.Bpf.OpenProgram((await Read()).Chain!.DispatcherId)!;
        return _port.Bpf.TestRun(dispatcher, packet);
    }

    /// <summary>By slot: the function of the dispatcher that the pinned link replaces. Kernel: 5.13.</summary>
    public async Task<string[]> Targets() => LinkTargets.Read(_bpfFs.FullPath, await Read());

    public void Dispose()
    {
        Pair.Dispose();
        _bpfFs.Dispose();
        _leaks.AssertNothingLeft();
    }
}
