using Dispatcher.SimulatedKernel;

namespace Dispatcher.Runtime.Tests.Simulation;

/// <summary>What the simulated kernel knows of processes and cannot be asked of a real one from inside the process.</summary>
public sealed class ProcessTests
{
    private readonly SimKernel _kernel = new();

    [Fact]
    public void A_killed_process_loses_fds_and_locks_and_does_nothing_more()
    {
        var process = _kernel.StartProcess();
        var program = World.LoadPlain(process);
        var held = process.Port.Files.TryLock("/sys/fs/bpf")!;
        Assert.Single(_kernel.Programs.All);

        process.Kill();

        Assert.Empty(_kernel.Programs.All);
        Assert.NotNull(_kernel.StartProcess().Port.Files.TryLock("/sys/fs/bpf"));
        Assert.Throws<ProcessDiedException>(() => process.Port.Bpf.GetInfo(program));
        program.Dispose();
        held.Dispose();
        Assert.Null(_kernel.StartProcess().Port.Files.TryLock("/sys/fs/bpf"));
    }

    [Fact]
    public void Ids_are_never_used_again()
    {
        var process = _kernel.StartProcess();
        var ids = new HashSet<ProgramId>();
        for (var round = 0; round < 5; round++)
        {
            using var program = World.LoadPlain(process);
            Assert.True(ids.Add(process.Port.Bpf.GetInfo(program).Id));
        }
    }

    [Fact]
    public void An_fd_is_good_in_its_own_process_only()
    {
        var program = World.LoadPlain(_kernel.StartProcess());
        Assert.Throws<InvalidOperationException>(() => _kernel.StartProcess().Port.Bpf.GetInfo(program));
    }

    [Fact]
    public void A_failed_call_has_no_effect_and_a_crash_neither()
    {
        var process = _kernel.StartProcess();
        _kernel.OnCall = call => call.FailWith(KernelErrno.ENOMEM, "no memory");
        Assert.Equal("no memory", Assert.Throws<KernelException>(() => process.Port.Files.MakeDirectory("/sys/fs/bpf/a")).KernelText);
        _kernel.OnCall = call => call.Crash();
        Assert.Throws<ProcessDiedException>(() => process.Port.Files.MakeDirectory("/sys/fs/bpf/a"));
        Assert.Empty(_kernel.BpfFs.Everything);
    }

    [Fact]
    public void An_unlinked_pin_lets_go_some_calls_later()
    {
        var process = _kernel.StartProcess();
        using (var program = World.LoadPlain(process))
            process.Port.Files.Pin(program, "/sys/fs/bpf/pin");
        process.Port.Files.Unpin("/sys/fs/bpf/pin");
        Assert.Single(_kernel.Programs.All);
        for (var call = 0; call < _kernel.FreeingLag; call++)
            process.Port.Files.IsBpfFs("/sys/fs/bpf");
        Assert.Empty(_kernel.Programs.All);
    }

    [Fact]
    public void The_same_steps_give_the_same_run()
    {
        Assert.Equal(Trace(), Trace());

        static List<string> Trace()
        {
            var world = new World();
            var calls = new List<string>();
            world.Kernel.OnCall = call => calls.Add($"{world.Kernel.Clock} {call}");
            world.Prepare(World.Component("a"), World.Component("b"));
            world.Start().Detach(ComponentSelection.ByName("a"));
            return calls;
        }
    }
}
