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

    [RootFact]
    [Rule("P-092")]
    public void A_wait_ends_when_its_time_has_passed_and_then_holds_nothing()
    {
        using (var held = _files.TryLock(_own.Root))
        {
            var clock = Stopwatch.StartNew();
            Assert.Null(Wait(TimeSpan.FromMilliseconds(100)));
            Assert.InRange(clock.Elapsed, TimeSpan.FromMilliseconds(95), TimeSpan.FromSeconds(10));
        }

        Assert.Equal(0, Tool.Run("flock", "--exclusive", "--wait", "5", _own.Root, "true").ExitCode);
    }

    [RootFact]
    public void A_wait_that_was_given_up_is_taken_over_by_the_next_one()
    {
        var held = _files.TryLock(_own.Root)!;
        for (var times = 0; times < 3; times++)
            Assert.Null(Wait(TimeSpan.FromMilliseconds(20)));
        Assert.Equal(1, FdsOnRoot() - 1);

        held.Dispose();
        using var taken = Wait(TimeSpan.FromSeconds(10));
        Assert.NotNull(taken);
        Assert.Equal(1, FdsOnRoot());
    }

    [RootFact]
    public void A_cancelled_wait_throws_and_lets_the_lock_go()
    {
        using var cancellation = new CancellationTokenSource();
        using (var held = _files.TryLock(_own.Root))
        {
            cancellation.CancelAfter(TimeSpan.FromMilliseconds(50));
            Assert.ThrowsAny<OperationCanceledException>(() => _files.WaitForLock(_own.Root, TimeSpan.FromMinutes(1), cancellation.Token));
        }

        Assert.Equal(0, Tool.Run("flock", "--exclusive", "--wait", "5", _own.Root, "true").ExitCode);
    }

    [RootFact]
    [Rule("P-090")]
    public void Who_waits_is_served_in_the_order_of_arrival()
    {
        var served = new List<int>();
        var threads = new List<Thread>();
        var held = _files.TryLock(_own.Root)!;
        for (var number = 0; number < 5; number++)
        {
            var own = number;
            threads.Add(new Thread(() =>
            {
                using var taken = Wait(TimeSpan.FromSeconds(30));
                served.Add(own);
            }));
            threads[^1].Start();
            Assert.True(SpinWait.SpinUntil(() => Waiting() == own + 1, TimeSpan.FromSeconds(30)), "it does not get into the queue");
        }

        held.Dispose();
        threads.ForEach(thread => thread.Join());
        Assert.Equal([0, 1, 2, 3, 4], served);
    }

    private IDisposable? Wait(TimeSpan longest) => _files.WaitForLock(_own.Root, longest, TestContext.Current.CancellationToken);

    [RootFact]
    public void A_wait_may_last_longer_than_a_timer_can()
    {
        using var taken = Wait(TimeSpan.MaxValue);
        Assert.NotNull(taken);
    }

    // "2: -> FLOCK  ADVISORY  WRITE 71 00:2f:1234 0 EOF": who waits stands below the lock, with an arrow.
    private int Waiting()
    {
        var inode = Tool.Run("stat", "--format=%i", _own.Root).OrFail().Output.Trim();
        return File.ReadLines("/proc/locks").Count(line => line.Contains("-> FLOCK", StringComparison.Ordinal) && line.Contains($":{inode} ", StringComparison.Ordinal));
    }

    private int FdsOnRoot() => Directory.EnumerateFileSystemEntries("/proc/self/fd").Count(fd => new FileInfo(fd).LinkTarget == _own.Root);
}
