using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Dispatcher.SimulatedKernel.Network;
using static Dispatcher.Runtime.Tests.Simulation.World;

namespace Dispatcher.Runtime.Tests.Watching;

/// <summary>A look reads what may have changed without a word, and of what is told one in its turn: a watch of many chains costs nothing while they rest.</summary>
public sealed class LookTests
{
    private const int Chains = 30;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(10);
    private readonly World _world = new();
    private readonly Host _other;
    private readonly Host _watching;

    public LookTests()
    {
        _other = _world.Start("other");
        _watching = _world.Start("watcher");
    }

    [Fact]
    public void Chains_on_interfaces_that_are_up_take_turns_and_everything_else_is_read_by_every_look()
    {
        var (down, empty) = (_world.Kernel.Network.Add("down"), _world.Kernel.Network.Add("empty"));
        var nics = Enumerable.Range(0, Chains).Select(i => _world.Kernel.Network.Add($"nic{i}")).ToList();
        AttachTo([down, .. nics]);
        down.IsUp = false;
        var looks = Looks(Chains, last: empty);

        var (told, untold) = (nics.Select(nic => nic.Index), _world.Kernel.Network.Interfaces.Except(nics).Select(nic => nic.Index).ToList());
        Assert.Contains(down.Index, untold);
        Assert.All(looks, read => Assert.Equal(untold, read.Except(told).Order()));
        Assert.Equal(told, looks.SelectMany(read => read.Intersect(told)).Order());
    }

    [Fact]
    public void Chains_whose_pins_cannot_be_followed_are_read_by_every_look_all_at_once()
    {
        _world.Kernel.TellsRemovals = false;
        AttachTo(Enumerable.Range(0, Chains).Select(i => _world.Kernel.Network.Add($"nic{i}")));
        using var watch = _watching.Watch(null, Interval);
        Skip(watch);
        var dumps = 0;
        _world.BeforeEach(_watching, nameof(IXdpHook.ReadAll), _ =>
        {
            if (++dumps == 2)
                _other.Process.ForceHook(_world.Nic, LoadPlain(_other.Process));
        });

        watch.Next(ChainEventKind.HookTaken);
        Assert.Equal(2, dumps);
    }

    [Fact]
    public void A_chain_that_lost_its_pins_without_a_word_is_found_in_its_turn_and_the_others_with_it()
    {
        var nics = Enumerable.Range(0, 3).Select(i => _world.Kernel.Network.Add($"nic{i}")).ToList();
        AttachTo(nics);
        using var watch = _watching.Watch(null, Interval);
        Skip(watch);
        _world.Kernel.TellsRemovals = false;
        foreach (var folder in _world.Directories().Where(name => name.StartsWith("dispatch-", StringComparison.Ordinal)))
            _world.Kernel.BpfFs.Unpin($"{PinRoot}/{folder}/prog0-link");
        var start = _world.Kernel.Clock;

        Assert.Equal(nics.Select(nic => nic.Name), nics.Select(_ => watch.Next(ChainEventKind.ChainBroken).InterfaceName));
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.Zero, 2 * Interval);
    }

    [Fact]
    public void One_that_goes_down_and_changes_then_is_found_by_the_next_look()
    {
        var nics = Enumerable.Range(0, Chains).Select(i => _world.Kernel.Network.Add($"nic{i}")).ToList();
        AttachTo(nics);
        using var watch = _watching.Watch(null, Interval);
        Skip(watch);
        nics[^1].IsUp = false;
        _world.Before(_watching, nameof(IPace.Wait), _ => _other.Process.ForceHook(nics[^1], null));
        var start = _world.Kernel.Clock;

        Assert.Equal(nics[^1].Index, watch.Next(ChainEventKind.HookEmptied).InterfaceIndex);
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.Zero, 2 * Interval);
    }

    [Fact]
    public void A_chain_on_an_interface_that_is_down_is_seen_to_change_at_once_by_its_pins()
    {
        var down = _world.Kernel.Network.Add("down");
        AttachTo([down]);
        down.IsUp = false;
        using var watch = _watching.Watch(null, Interval);
        Skip(watch);
        var start = _world.Kernel.Clock;
        _world.Before(_watching, nameof(IPace.Wait), _ => _other.Library.AttachAsync(down.Name, Component("b")).GetAwaiter().GetResult().Dispose());

        var changed = watch.Next(ChainEventKind.ChainChanged);
        Assert.Equal((down.Index, "b"), (changed.InterfaceIndex, Assert.Single(changed.Joined).Name));
        Assert.InRange(_world.Kernel.Clock - start, TimeSpan.Zero, Interval / 2);
    }

    private void AttachTo(IEnumerable<SimInterface> nics)
    {
        foreach (var nic in nics)
            _other.Library.AttachAsync(nic.Name, Component("a")).GetAwaiter().GetResult().Dispose();
    }

    private void Skip(Watcher watch)
    {
        foreach (var _ in _world.Kernel.Network.Interfaces)
            watch.Next(ChainEventKind.Observed);
    }

    // Which interfaces each look read; the last look finds something.
    private List<HashSet<int>> Looks(int count, SimInterface last)
    {
        using var watch = _watching.Watch(null, Interval);
        Skip(watch);
        var looks = new List<HashSet<int>>();
        var latest = TimeSpan.Zero;
        var stranger = LoadPlain(_other.Process);
        LinkFd? link = null;
        _world.BeforeEach(_watching, nameof(IXdpHook.Read), call =>
        {
            if (_world.Kernel.Clock - latest > Interval / 2 && link is null)
            {
                if (looks.Count == count)
                    link = _other.Process.LinkHook(last, stranger);
                looks.Add([]);
            }

            latest = _world.Kernel.Clock;
            if (link is null)
                looks[^1].Add(int.Parse(call.Arguments, System.Globalization.CultureInfo.InvariantCulture));
        });
        watch.Next(ChainEventKind.HookTaken);
        _world.Kernel.OnCall = null;
        return looks[..count];
    }
}
