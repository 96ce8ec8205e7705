using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Guarding;
using Dispatcher.Runtime.Tests.Simulation;
using Dispatcher.SimulatedKernel;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using static Dispatcher.Runtime.Tests.Simulation.World;
using Host = Dispatcher.Runtime.Tests.Simulation.Host;

namespace Dispatcher.Runtime.Tests.Guarding;

/// <summary>What a guard does about each thing that can happen to its programs.</summary>
public sealed class GuardTests
{
    private readonly World _world = new();
    private readonly Host _host;
    private readonly Host _other;

    public GuardTests()
    {
        _other = _world.Start("other");
        _host = _world.Start("guard");
    }

    [Fact]
    public void A_program_that_is_not_there_yet_is_attached_and_comes_back_with_the_same_id_when_it_is_taken_out()
    {
        _other.Attach(Component("ids", 10));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        Assert.Null(guard.Next(GuardReportKind.Restored).Cause);
        var id = _other.Status().Chain!.Programs[1].Id;

        _other.Attach(Component("late", 90));
        _other.Detach(ComponentSelection.ById(id));

        var report = guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], report.Programs);
        Assert.Equal(ChainEventKind.ChainChanged, report.Cause!.Kind);
        Assert.Equal(["ids", "firewall", "late"], _other.Names());
        Assert.Equal(id, _other.Status().Chain!.Programs[1].Id);
        Assert.Equal(["ids", "firewall", "late"], _world.Run());
    }

    [Fact]
    public void What_others_converted_it_leaves_so_also_when_the_hook_was_empty_meanwhile()
    {
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.Restored);
        var id = _other.Status().Chain!.Programs[0].Id;
        _other.Convert(DispatcherVersion.V3);
        _world.Before(_host, nameof(Kernel.IPace.Wait), _ => _other.Detach(ComponentSelection.All));
        guard.Next(GuardReportKind.Restored);
        var chain = _other.Status().Chain!;
        Assert.Equal((DispatcherVersion.V3, id), (chain.Version, chain.Programs[0].Id));
    }

    [Fact]
    public void A_program_that_is_there_is_taken_over_as_it_is()
    {
        _other.Attach(Component("firewall", 33));
        var id = _other.Status().Chain!.Programs[0].Id;
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);

        _other.Detach(ComponentSelection.All);

        guard.Next(GuardReportKind.Restored);
        var back = Assert.Single(_other.Status().Chain!.Programs);
        Assert.Equal((id, 33u), (back.Id, back.Priority));
    }

    [Fact]
    public void One_that_is_there_as_another_build_is_told_once_and_goes_on()
    {
        _other.Attach(Component("firewall", verdict: XdpAction.Drop));
        var there = _other.Status().Chain!.Programs[0];
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");

        var report = guard.Next(GuardReportKind.AnotherBuild);
        Assert.Equal(["firewall"], report.Programs);
        Assert.StartsWith($"firewall (id {there.Id}) runs already, and is another build than the one given (tag {there.Tag}, given ", report.Message, StringComparison.Ordinal);
        guard.Next(GuardReportKind.InPlace);
        Assert.Equal(there.Id, _other.Status().Chain!.Programs[0].Id);
    }

    [Fact]
    public void One_that_another_guard_attaches_at_the_same_time_is_kept()
    {
        var isThere = false;
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        _world.BeforeEach(_host, nameof(Kernel.IBpf.LoadProgram), _ =>
        {
            if (!isThere)
                _other.Attach(Component("firewall", 33));
            isThere = true;
        });

        Assert.Contains("attached by another process", guard.Next(GuardReportKind.InPlace).Message, StringComparison.Ordinal);
        Assert.True(isThere);
        Assert.Equal(["firewall"], _world.Run());
        _other.Detach(ComponentSelection.All);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(33u, Assert.Single(_other.Status().Chain!.Programs).Priority);
    }

    [Theory]
    [InlineData(GuardPolicy.ReportOnly, true)]
    [InlineData(GuardPolicy.ReportOnly, false)]
    [InlineData(GuardPolicy.WhenEmpty, true)]
    public void What_the_policy_says_to_leave_is_only_reported(GuardPolicy policy, bool hasOther)
    {
        _other.Attach(Component("firewall"));
        if (hasOther)
            _other.Attach(Component("ids"));
        using var guard = Begin(policy, "firewall");
        guard.Next(GuardReportKind.InPlace);

        _other.Detach(ComponentSelection.ByName("firewall"));

        Assert.Equal("missing from the chain: firewall", guard.Next(GuardReportKind.Missing).Message);
        Assert.Equal(hasOther ? ["ids"] : [], _other.Names());

        _other.Attach(Component("firewall"));
        guard.Next(GuardReportKind.Superseded);
        Assert.Equal("all programs are in the chain", guard.Next(GuardReportKind.InPlace).Message);
    }

    [Fact]
    public void An_empty_hook_is_filled_again_by_the_policy_for_that()
    {
        _other.Attach(Component("firewall"), Component("guest"));
        using var guard = Begin(GuardPolicy.WhenEmpty, "firewall");
        guard.Next(GuardReportKind.InPlace);
        _other.Process.ForceHook(_world.Nic, null);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void A_stranger_on_the_hook_is_left_alone_and_followed_when_it_goes()
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);
        var brute = _world.Kernel.StartProcess("brute");
        using (var program = LoadPlain(brute))
        {
            brute.ForceHook(_world.Nic, program);
            Assert.Contains("'stranger' holds the hook", guard.Next(GuardReportKind.Blocked).Message, StringComparison.Ordinal);
            Assert.Equal("stranger", _other.Status().Foreign!.Name);
            brute.ForceHook(_world.Nic, null);
        }

        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void It_never_fights_and_says_when_it_gives_up()
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);
        for (var round = 0; round < 3; round++)
        {
            _other.Process.ForceHook(_world.Nic, null);
            guard.Next(GuardReportKind.Restored);
        }

        _other.Process.ForceHook(_world.Nic, null);
        Assert.Contains("went missing, after 3 attempts to put that right, the first attach included, within 00:01:00; the guard ends", guard.Next(GuardReportKind.GaveUp).Message, StringComparison.Ordinal);
        Assert.True(guard.HasEnded);
        Assert.True(_other.Status().IsEmpty);
        ChainCheck.AssertNothingHeld(_host);
    }

    [Fact]
    public void What_others_do_right_after_a_restore_is_not_lost()
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);
        _other.Detach(ComponentSelection.All);
        guard.Next(GuardReportKind.Restored);
        _other.Detach(ComponentSelection.All);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void A_stranger_that_comes_while_it_looks_for_a_successor_does_not_end_it(int read)
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);
        var brute = _world.Kernel.StartProcess("brute");
        using var program = LoadPlain(brute);
        _other.Replace(ComponentSelection.ByName("firewall"), Component("firewall"));
        var reads = 0;
        _world.Kernel.OnCall = call =>
        {
            // The watch reads for its event, and the guard again to open the successor.
            if (call.Process == _host.Process && call.Operation == nameof(Kernel.IXdpHook.Read) && ++reads == read)
            {
                _world.Kernel.OnCall = null;
                brute.ForceHook(_world.Nic, program);
            }
        };

        guard.Next(GuardReportKind.Blocked);
        brute.ForceHook(_world.Nic, null);
        guard.Next(GuardReportKind.Restored);
        Assert.Equal(["firewall"], _world.Run());
    }

    [Fact]
    public void Attempts_come_back_once_the_window_has_passed()
    {
        var budget = new GuardBudget(2, TimeSpan.FromMinutes(1));
        Assert.Equal(
            [true, true, false, false, true, false, true],
            new[] { 0, 10, 20, 59, 60, 65, 71 }.Select(seconds => budget.TrySpend(TimeSpan.FromSeconds(seconds))));
    }

    [Fact]
    public void A_new_version_that_another_process_put_in_its_place_is_guarded_from_then_on()
    {
        _other.Attach(Component("firewall"));
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");
        guard.Next(GuardReportKind.InPlace);

        _other.Replace(ComponentSelection.ByName("firewall"), Component("firewall"));
        guard.Next(GuardReportKind.Superseded);
        var id = _other.Status().Chain!.Programs[0].Id;
        _other.Detach(ComponentSelection.All);

        guard.Next(GuardReportKind.Restored);
        Assert.Equal(id, _other.Status().Chain!.Programs[0].Id);
    }

    [Fact]
    public void An_attempt_that_fails_is_made_again_within_the_budget()
    {
        _other.Attach([.. Enumerable.Range(0, 10).Select(number => Component($"p{number}"))]);
        using var guard = Begin(GuardPolicy.WhenMissing, "firewall");

        var failed = guard.Next(GuardReportKind.Failed);
        Assert.IsType<RefusedException>(failed.Failure);
        _other.Detach(ComponentSelection.ByName("p3"));
        guard.Next(GuardReportKind.Restored);
        Assert.Contains("firewall", _other.Names());
    }

    [Fact]
    public void Each_wrong_option_is_named()
    {
        var options = new XdpGuardOptions { MostAttempts = 0, Window = TimeSpan.Zero, RetryDelay = TimeSpan.FromSeconds(-1), Policy = (GuardPolicy)9, LookInterval = TimeSpan.Zero };
        options.Programs.Add(Component("twin"));
        options.Programs.Add(Component("twin"));
        var message = Assert.Throws<ArgumentException>(() => new XdpGuard(_host.Library, options)).Message;
        Assert.All(
            ["InterfaceName names", "holds 'twin' twice", "MostAttempts is 1", "Window is longer", "RetryDelay is nothing to a day", "Policy is ReportOnly", "LookInterval is 0.1 s"],
            part => Assert.Contains(part, message, StringComparison.Ordinal));
    }

    [Fact]
    public async Task As_a_hosted_service_it_writes_to_the_log_and_tells_who_asked()
    {
        _other.Attach([.. Enumerable.Range(0, 10).Select(number => Component($"p{number}"))]);
        var told = new List<GuardReportKind>();
        var options = Options(GuardPolicy.WhenMissing, "firewall");
        (options.MostAttempts, options.Reported) = (1, report =>
        {
            told.Add(report.Kind);
            throw new InvalidOperationException("who asked fails");
        }
        );

        await Serve(options);

        Assert.Equal([GuardReportKind.Failed, GuardReportKind.GaveUp], told);
        Assert.Contains(_host.LogLines, line => line.StartsWith("eth0: guard: firewall cannot be attached: A chain holds at most 10", StringComparison.Ordinal));
        Assert.Contains("eth0: guard: firewall went missing, after 1 attempt to put that right, the first attach included, within 00:01:00; the guard ends", _host.LogLines);
    }

    [Fact]
    public async Task As_a_hosted_service_it_says_that_it_cannot_begin()
    {
        RefuseToRead();
        await Serve(Options(GuardPolicy.WhenMissing, "firewall"));
        Assert.Contains(_host.LogLines, line => line.StartsWith("eth0: the guard ended, and the chain is watched no more: RTM_GETLINK eth0: EPERM", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task One_that_is_stopped_takes_its_programs_out_where_it_is_asked_to(bool detaches)
    {
        _other.Attach(Component("ids", 10), Component("firewall", 20));
        var (options, told) = (Options(GuardPolicy.WhenMissing, "firewall", "second", "third"), new List<string>());
        (options.DetachWhenStopped, options.Reported) = (detaches, report => told.Add($"{report.Kind}: {report.Message}"));
        using var stop = new CancellationTokenSource();
        await using var reports = new XdpGuard(_host.Library, options).RunAsync(stop.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reports.MoveNextAsync());
        Assert.Equal(["ids", "firewall", "second", "third"], _world.Run());
        // One of them goes between the look at the chain and the detach.
        _world.Before(_host, nameof(Kernel.IBpfFs.TryLock), _ => _other.Detach(ComponentSelection.ByName("third")));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reports.MoveNextAsync());

        Assert.Equal(detaches ? ["ids"] : ["ids", "firewall", "second", "third"], _world.Run());
        Assert.Equal(detaches ? ["Detached: the guard was stopped, and detached: firewall, second"] : [], told);
        ChainCheck.AssertNothingHeld(_host);
    }

    [Fact]
    public async Task A_reader_that_is_stopped_between_two_reports_ends_it_in_the_same_way()
    {
        var options = Options(GuardPolicy.WhenMissing, "firewall");
        options.DetachWhenStopped = true;
        using var stop = new CancellationTokenSource();
        await foreach (var report in new XdpGuard(_host.Library, options).RunAsync(stop.Token))
        {
            await stop.CancelAsync();
            break;
        }

        Assert.True(_other.Status().IsEmpty);
        ChainCheck.AssertNothingHeld(_host);
    }

    [Fact]
    public async Task What_cannot_be_taken_out_is_reported_and_the_guard_ends_as_it_was_told_to()
    {
        var (options, told) = (Options(GuardPolicy.WhenMissing, "firewall"), new List<GuardReport>());
        (options.DetachWhenStopped, options.Reported) = (true, told.Add);
        using var stop = new CancellationTokenSource();
        await using var reports = new XdpGuard(_host.Library, options).RunAsync(stop.Token).GetAsyncEnumerator(TestContext.Current.CancellationToken);
        Assert.True(await reports.MoveNextAsync());
        var brute = _world.Kernel.StartProcess("brute");
        using var program = LoadPlain(brute);
        _world.Before(_host, nameof(Kernel.IXdpHook.Swap), _ => brute.ForceHook(_world.Nic, program));

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await reports.MoveNextAsync());

        var failed = Assert.Single(told);
        Assert.Equal((GuardReportKind.Failed, typeof(ForeignProgramException)), (failed.Kind, failed.Failure!.GetType()));
        Assert.StartsWith("firewall cannot be detached: eth0 is held by program", failed.Message, StringComparison.Ordinal);
        Assert.Equal(["stranger"], _world.Run());
        ChainCheck.AssertNothingHeld(_host);
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task A_guard_that_ends_by_itself_stops_its_host_where_it_is_asked_to(bool begins, bool stops)
    {
        _other.Attach([.. Enumerable.Range(0, 10).Select(number => Component($"p{number}"))]);
        var options = Options(GuardPolicy.WhenMissing, "firewall");
        (options.MostAttempts, options.StopHostWhenEnded) = (1, stops);
        if (!begins)
            RefuseToRead();
        using var host = Microsoft.Extensions.Hosting.Host.CreateEmptyApplicationBuilder(null).Build();
        var lifetime = host.Services.GetRequiredService<IHostApplicationLifetime>();
        var exitCode = Environment.ExitCode;
        try
        {
            await Serve(options, lifetime);
            Assert.Equal((stops, stops ? 1 : exitCode), (lifetime.ApplicationStopping.IsCancellationRequested, Environment.ExitCode));
        }
        finally
        {
            Environment.ExitCode = exitCode;
        }
    }

    private void RefuseToRead() =>
        _world.BeforeEach(_host, nameof(Kernel.IXdpHook.Read), _ => throw new KernelException($"RTM_GETLINK {NicName}", 1));

    private async Task Serve(XdpGuardOptions options, IHostApplicationLifetime? lifetime = null)
    {
        using var service = new GuardService(_host.Library, options, _host, lifetime);
        await service.StartAsync(TestContext.Current.CancellationToken);
        await service.ExecuteTask!;
    }

    private static XdpGuardOptions Options(GuardPolicy policy, params ReadOnlySpan<string> names) => GuardReader.Options(policy, names);

    private GuardReader Begin(GuardPolicy policy, params ReadOnlySpan<string> names) => new(_host, Options(policy, names));
}
