using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class ChangeTests
{
    [Fact]
    public async Task Load_and_unload_say_what_they_did()
    {
        var text = "";
        foreach (var (host, args) in Runs())
            text += (await CliRun.Of(host, args)).Describe(args) + "\n";
        Snapshot.Verify(text);
    }

    [Fact]
    public async Task Load_passes_its_options_on()
    {
        var host = new RecordedHost { Change = Samples.Added };
        var run = await CliRun.Of(
            host, "load", "eth0", "a.o", "-n", "f", "-s", "xdp/x", "-P", "7", "-A", "XDP_PASS,XDP_TX", "-m", "skb", "-p", "/sys/fs/bpf/maps", "--protocol", "3", "--if-absent");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(("a.o", "f", "xdp/x"), Assert.Single(host.Opened));
        var program = Assert.Single(host.Asked<AttachRequest>().Programs);
        Assert.Equal((7u, ChainCallActions.Of(XdpAction.Pass, XdpAction.Tx)), (program.Priority, program.Actions));
        Assert.Equal(new AttachOptions { Mode = AttachMode.Skb, Protocol = DispatcherVersion.V3, MapPinFolder = "/sys/fs/bpf/maps", IfPresent = PresentProgram.Keep }, host.Asked<AttachRequest>().Options);
    }

    [Fact]
    public async Task Device_bound_is_said_of_every_program_of_a_load()
    {
        var host = new RecordedHost { Change = Samples.Added };
        await CliRun.Of(host, "load", "eth0", "a.o", "b.o", "--device-bound");
        Assert.Equal(2, host.Asked<AttachRequest>().Programs.Length);
        Assert.All(host.Asked<AttachRequest>().Programs, program => Assert.True(program.Flags.HasFlag(ProgramFlags.DeviceBound)));
    }

    [Fact]
    public async Task Load_leaves_to_the_object_what_is_not_given()
    {
        var host = new RecordedHost { Change = Samples.Added };
        await CliRun.Of(host, "load", "eth0", "a.o");
        Assert.Equal(("a.o", null, null), Assert.Single(host.Opened));
        Assert.Equal(new AttachOptions(), host.Asked<AttachRequest>().Options);
    }

    [Fact]
    public async Task An_option_given_once_is_for_all_objects_and_else_one_for_each()
    {
        var host = new RecordedHost { Change = Samples.Added };
        await CliRun.Of(host, "load", "eth0", "a.o", "b.o", "-s", "xdp", "-n", "f", "-n", "g", "-P", "1", "-P", "2", "-A", "none");
        Assert.Equal([("a.o", "f", "xdp"), ("b.o", "g", "xdp")], host.Opened);
        Assert.Equal([1u, 2u], host.Asked<AttachRequest>().Programs.Select(p => p.Priority));
        Assert.All(host.Asked<AttachRequest>().Programs, p => Assert.Equal(0u, p.Actions.Mask));
    }

    [Theory]
    [InlineData("-i 1 -i 2")]
    [InlineData("-i 1 2")]
    [InlineData("-i 1,2")]
    [InlineData("--id=1 --id=2")]
    public async Task Unload_takes_several_ids(string options)
    {
        var host = new RecordedHost { Change = Samples.Removed };
        var run = await CliRun.Of(host, ["unload", "eth0", .. options.Split(' ')]);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal([new ProgramId(1), new ProgramId(2)], host.Asked<DetachRequest>().Selection.Ids);
    }

    [Fact]
    public async Task Unload_takes_a_name_or_all()
    {
        var host = new RecordedHost { Change = Samples.Removed };
        await CliRun.Of(host, "unload", "eth0", "-n", "xdp_ids");
        Assert.Equal("xdp_ids", host.Asked<DetachRequest>().Selection.Name);
        await CliRun.Of(host, "unload", "-a", "eth0");
        Assert.Same(ComponentSelection.All, host.Asked<DetachRequest>().Selection);
    }

    [Theory]
    [InlineData("1", DispatcherVersion.V1)]
    [InlineData("2", DispatcherVersion.V2)]
    [InlineData("3", DispatcherVersion.V3)]
    public async Task Convert_passes_its_version_on(string typed, DispatcherVersion version)
    {
        var host = new RecordedHost { Change = Samples.Converted };
        var run = await CliRun.Of(host, "convert", "eth0", "--protocol", typed);
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(version, host.Asked<ConvertRequest>().Version);
    }

    [Fact]
    public async Task Convert_says_what_it_did_or_that_there_was_nothing_to_do()
    {
        var text = "";
        foreach (var change in new[] { Samples.Converted, Samples.ConvertedAlready })
        {
            foreach (var option in new[] { "", "-v", "--json" })
            {
                string[] args = ["convert", "eth0", "--protocol", $"{(int)change.After.Chain!.Version}", .. option.Length == 0 ? Array.Empty<string>() : [option]];
                text += (await CliRun.Of(new RecordedHost { Change = change }, args)).Describe(args) + "\n";
            }
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task Load_of_what_is_there_says_what_is_kept()
    {
        var text = "";
        foreach (var option in new[] { "", "--json" })
        {
            string[] args = ["load", "eth0", "firewall.o", "--if-absent", .. option.Length == 0 ? Array.Empty<string>() : [option]];
            text += (await CliRun.Of(new RecordedHost { Change = Samples.Kept }, args)).Describe(args) + "\n";
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task Json_of_a_change_shows_before_and_after()
    {
        string[] args = ["load", "eth0", "a.o", "--json"];
        Snapshot.Verify((await CliRun.Of(new RecordedHost { Change = Samples.AddedWithNote }, args)).Describe(args));
    }

    private static IEnumerable<(RecordedHost Host, string[] Args)> Runs()
    {
        var added = new RecordedHost { Change = Samples.Added };
        var inSkb = Samples.Added with { After = Samples.OneProgram, Programs = Samples.OneProgram.Chain!.Programs };
        yield return (added, ["load", "eth0", "firewall.o", "ids.o"]);
        yield return (added, ["load", "eth0", "firewall.o", "ids.o", "-v"]);
        yield return (new RecordedHost { Change = inSkb }, ["load", "eth1", "ids.o"]);
        yield return (new RecordedHost { Change = Samples.AddedWithNote }, ["load", "eth0", "firewall.o", "ids.o"]);
        yield return (new RecordedHost { Change = Samples.Removed }, ["unload", "eth0", "-a"]);
        yield return (new RecordedHost { Change = Samples.Removed }, ["unload", "eth0", "-a", "--verbose"]);
        yield return (new RecordedHost { Change = Samples.Removed with { After = Samples.OneProgram } }, ["unload", "eth0", "-n", "xdp_firewall"]);
    }
}
