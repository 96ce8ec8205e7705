using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Tests;

public sealed class ReplaceTests
{
    [Fact]
    public async Task Replace_passes_its_options_on()
    {
        var host = new RecordedHost { Change = Samples.Added };
        var run = await CliRun.Of(
            host, "replace", "eth0", "xdp_firewall", "new.o", "-n", "f", "-s", "xdp/x", "-P", "7", "-A", "XDP_TX", "-p", "/sys/fs/bpf/maps", "--maps", "fresh,ports=reuse");
        Assert.Equal(("", 0), (run.Error, run.ExitCode));
        Assert.Equal(("new.o", "f", "xdp/x"), Assert.Single(host.Opened));
        Assert.Equal("xdp_firewall", host.Asked<ReplaceRequest>().Selection.Name);
        var options = host.Asked<ReplaceRequest>().Options;
        Assert.Equal((7u, ChainCallActions.Of(XdpAction.Tx), "/sys/fs/bpf/maps", MapHandling.Fresh), (options.Priority, options.Actions, options.MapPinFolder, options.Maps));
        Assert.Equal(("ports", MapHandling.Reuse), Assert.Single(options.MapsByName.Select(pair => (pair.Key, pair.Value))));
        Assert.StartsWith("replaced ", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Replace_keeps_what_is_not_given_and_takes_a_number_for_an_id()
    {
        var host = new RecordedHost { Change = Samples.Added };
        await CliRun.Of(host, "replace", "eth0", "46", "new.o");
        Assert.Equal([new ProgramId(46)], host.Asked<ReplaceRequest>().Selection.Ids);
        Assert.Equal((null, null, MapHandling.Reuse, 0), (host.Asked<ReplaceRequest>().Options.Priority, host.Asked<ReplaceRequest>().Options.Actions, host.Asked<ReplaceRequest>().Options.Maps, host.Asked<ReplaceRequest>().Options.MapsByName.Count));
    }

    [Fact]
    public async Task Set_passes_the_policy_on()
    {
        var host = new RecordedHost { Change = Samples.Added };
        await CliRun.Of(host, "set", "eth0", "46", "-A", "none");
        Assert.Equal(new PolicyChange(Actions: ChainCallActions.Of()), host.Asked<SetPolicyRequest>().Change);
        await CliRun.Of(host, "set", "eth0", "ids", "-P", "3");
        Assert.Equal(("ids", new PolicyChange(3)), (host.Asked<SetPolicyRequest>().Selection.Name!, host.Asked<SetPolicyRequest>().Change));
    }

    [Theory]
    [InlineData("set needs to know what to change", "set", "eth0", "46")]
    [InlineData("program ids begin at 1", "set", "eth0", "0", "-P", "1")]
    [InlineData("--maps takes reuse, fresh or NAME=reuse|fresh, not 'old'", "replace", "eth0", "46", "new.o", "--maps", "old")]
    [InlineData("--maps names 'a' twice", "replace", "eth0", "46", "new.o", "--maps", "a=fresh,a=reuse")]
    [InlineData("--maps names the rule for all maps twice", "replace", "eth0", "46", "new.o", "--maps", "fresh,reuse")]
    [InlineData("--maps names no map before '='", "replace", "eth0", "46", "new.o", "--maps", "=fresh")]
    public async Task A_wrong_line_is_told_and_nothing_is_asked_of_the_machine(string message, params string[] args)
    {
        var host = new RecordedHost { Change = Samples.Added };
        var run = await CliRun.Of(host, args);
        Assert.Equal(2, run.ExitCode);
        Assert.Contains(message, run.Error, StringComparison.Ordinal);
        Assert.Null(host.Request);
    }
}
