using System.Diagnostics;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class LockTests : IDisposable
{
    private readonly IBpfFs _files = LinuxKernel.Open().Files;
    private readonly OwnBpfFs _own;

    public LockTests()
    {
        Need.Bpf();
        _own = new OwnBpfFs(_files);
    }

    public void Dispose() => _own.Dispose();

    [RootFact]
    public void One_holder_at_a_time_and_we_are_named_as_it()
    {
        using (var held = _files.TryLock(_own.Root))
        {
            Assert.NotNull(held);
            Assert.Null(_files.TryLock(_own.Root));
            Assert.Equal(Environment.ProcessId, _files.FindLockHolder(_own.Root));
        }

        using var again = _files.TryLock(_own.Root);
        Assert.NotNull(again);
    }

    [RootFact]
    public void Nobody_is_named_for_a_free_lock_or_a_missing_folder()
    {
        Assert.Null(_files.FindLockHolder(_own.Root));
        Assert.Null(_files.FindLockHolder(_own.PathOf("missing")));
        Assert.Equal(Errno.ENOENT, Assert.Throws<KernelException>(() => _files.TryLock(_own.PathOf("missing"))).Errno);
    }

    [RootFact]
    [Rule("P-090")]
    public void A_lock_is_kept_out_of_another_process_and_seen_in_it()
    {
        Need.Tool("flock");
        using (var held = _files.TryLock(_own.Root))
        {
            Assert.NotNull(held);
            Assert.Equal(1, Tool.Run("flock", "--exclusive", "--nonblock", _own.Root, "true").ExitCode);
        }

        Assert.Equal(0, Tool.Run("flock", "--exclusive", "--nonblock", _own.Root, "true").ExitCode);
    }

    [RootFact]
    [Rule("P-090", "P-242")]
    public void A_lock_of_another_process_keeps_us_out_names_it_and_goes_with_it()
    {
        using var other = Process.Start(new ProcessStartInfo(Need.Tool("flock"), ["--exclusive", "--no-fork", _own.Root, "cat"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        })!;
        other.StandardInput.WriteLine("locked");
        other.StandardInput.Flush();
        Assert.Equal("locked", other.StandardOutput.ReadLine());

        Assert.Null(_files.TryLock(_own.Root));
        Assert.Equal(other.Id, _files.FindLockHolder(_own.Root));

        other.Kill();
        other.WaitForExit();
        using var free = _files.TryLock(_own.Root);
        Assert.NotNull(free);
    }
}
