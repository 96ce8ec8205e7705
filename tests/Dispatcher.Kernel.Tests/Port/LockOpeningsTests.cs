using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Of all who had the folder of the lock open, only who may have made a change is named for it.</summary>
[Collection(PortCollection.Name)]
public sealed class LockOpeningsTests : IDisposable
{
    // Longer than the word of a change is on its way.
    private static readonly TimeSpan LongAgo = TimeSpan.FromSeconds(1.5);

    // Longer than who was named may be named for another interface.
    private static readonly TimeSpan Soon = TimeSpan.FromMilliseconds(200);

    private readonly TempFolder _parent = new();
    private readonly string _folder;

    public LockOpeningsTests() => _folder = Directory.CreateDirectory(_parent.PathOf("bpffs/xdp")).FullName;

    public void Dispose() => _parent.Dispose();

    [RootFact]
    public void Who_has_it_open_is_named_for_all_that_it_changes_and_for_nothing_later()
    {
        using var openings = Open();
        using var holder = Start();
        holder.Ask("open");
        Assert.Equal(new HolderProcess(holder.ProcessId, "sh"), openings.Take(isFresh: true));

        // The word of its second interface comes when it is done.
        holder.Ask("close");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
        Thread.Sleep(Soon);
        Assert.Null(openings.Take(isFresh: true));
        holder.Ask("open");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
    }

    [RootFact]
    public void Who_has_just_closed_it_is_named_and_who_closed_it_long_before_is_not()
    {
        using var openings = Open();
        using var watcher = Start();
        using var holder = Start();
        watcher.Ask("open");
        watcher.Ask("close");
        Thread.Sleep(LongAgo);
        holder.Ask("open");
        holder.Ask("close");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);

        // Somebody takes the program off without the lock.
        Thread.Sleep(LongAgo);
        Assert.Null(openings.Take(isFresh: true));
    }

    [RootFact]
    public void Who_lists_what_is_in_it_is_not_named_and_does_not_hide_who_is()
    {
        using var openings = Open();
        using var watcher = Start();
        watcher.Ask("list");
        Assert.Null(openings.Take(isFresh: true));
        using var holder = Start();
        holder.Ask("open");
        Thread.Sleep(Soon);
        watcher.Ask("list");
        holder.Ask("list");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
        holder.Ask("close");
        Thread.Sleep(Soon);
        watcher.Ask("list");
        Assert.Null(openings.Take(isFresh: true));
    }

    [RootFact]
    public void Who_has_the_lock_is_named_however_long_it_has_had_it_and_whatever_else_it_closed()
    {
        using var openings = Open();
        using (LinuxKernel.Open().Files.TryLock(_folder))
        {
            // Openings that nobody has read yet are told as one, with what became of any of them: here that somebody listed what is in it.
            Assert.Empty(Directory.GetFiles(_folder));
            Thread.Sleep(LongAgo);
            Assert.Equal(Environment.ProcessId, openings.Take(isFresh: true)?.Id);
        }

        Thread.Sleep(Soon);
        Assert.Null(openings.Take(isFresh: true));
    }

    [RootFact]
    public void Where_another_file_system_has_taken_its_place_it_is_followed_there()
    {
        using var openings = Open();
        Directory.Move(_parent.PathOf("bpffs"), _parent.PathOf("unmounted"));
        Directory.CreateDirectory(_folder);
        openings.Follow();
        using var holder = Start();
        holder.Ask("open");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
    }

    [RootFact]
    public void Of_several_none_is_named_until_one_of_them_may_have_made_the_next_change()
    {
        using var openings = Open();
        using var first = Start();
        using var second = Start();
        first.Ask("open");
        second.Ask("open");
        Assert.Null(openings.Take(isFresh: true));
        first.Ask("close");
        Thread.Sleep(LongAgo);
        Assert.Equal(second.ProcessId, openings.Take(isFresh: true)?.Id);
    }

    [RootFact]
    public void Who_looked_into_it_again_after_a_change_is_not_named_for_the_next_one()
    {
        using var openings = Open();
        using var holder = Start();
        holder.Ask("open");
        Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
        holder.Ask("close");
        holder.Ask("open");
        holder.Ask("close");
        Thread.Sleep(Soon);
        Assert.Null(openings.Take(isFresh: true));
    }

    [RootFact]
    public void Of_a_change_that_is_told_late_everybody_counts_who_has_had_it_open_since_the_one_before()
    {
        using var openings = Open();
        using var early = Start();
        using var late = Start();
        early.Ask("open");
        early.Ask("close");
        Thread.Sleep(LongAgo);
        Assert.Equal(early.ProcessId, openings.Take(isFresh: false)?.Id);
        early.Ask("open");
        early.Ask("close");
        late.Ask("open");
        Assert.Null(openings.Take(isFresh: false));
    }

    [RootFact]
    public void Who_has_ended_has_closed_it()
    {
        using var openings = Open();
        using (var holder = Start())
        {
            holder.Ask("open");
            holder.Kill();
            Assert.Equal(holder.ProcessId, openings.Take(isFresh: true)?.Id);
        }

        Assert.Null(openings.Take(isFresh: true));
    }

    [RootTheory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_has_ended_before_the_next_one_came_does_not_hide_it_when_nothing_was_left_to_tell(bool isQuiet)
    {
        using var openings = Open();
        openings.IsQuiet = () => isQuiet;
        using var idle = Start();
        using var holder = Start();
        idle.Ask("open");
        idle.Kill();
        holder.Ask("open");

        // As of a change that is told late: how fast this machine is does not matter.
        Assert.Equal(isQuiet ? holder.ProcessId : null, openings.Take(isFresh: false)?.Id);
    }

    private LockOpenings Open() => LockOpenings.TryOpen(_folder) ?? throw new InvalidOperationException("no fanotify");

    // Opens the folder, lists and closes it on command.
    private LineProcess Start()
    {
        var process = new LineProcess("sh", new ToolRequest(
            "sh", "-c", "echo ready; while read -r word; do case $word in open) exec 3<\"$0\" ;; list) echo \"$0\"/* >/dev/null ;; *) exec 3<&- ;; esac; echo ok; done", _folder));
        process.WaitUntilReady();
        return process;
    }
}
