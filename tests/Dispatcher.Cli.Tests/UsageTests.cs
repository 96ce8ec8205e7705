using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class UsageTests
{
    private static readonly string[] WrongLines =
    [
        "stauts", "frobnicate", "--josn", "--frob", "-v",
        "load", "load eth0", "load a.o", "load ./a", "load eth0 a.o --moed skb", "load eth0 a.o -x", "load eth0 a.o -m fast", "load eth0 a.o -m", "load eth0 a.o -m skb -m hw",
        "load eth0 a.o -P high", "load eth0 -P a.o", "load eth0 a.o -P -5", "load eth0 a.o -P 4294967296", "load eth0 a.o -A XDP_PAS", "load eth0 a.o -A", "load eth0 a.o --protocol 4",
        "load eth0 a.o b.o c.o -n f -n g", "load eth0 a.o -P 1 -P 2", "load eth0 a.o -A XDP_PASS -A", "load eth0 a.o -P 5 -P --json", "unload eth0 -i 5 -i", "unload eth0 -i 5 6 -i",
        "emit --slot --format asm", "emit --slot prio=1 --slot", "unload eth0 xdp_firewall", "unload eth0 46", "explain eth0 p.pcap", "emit a.o", "trace eth0 XDP_DROP",
        "unload", "unload eth0", "unload eth0 -i 1 -a", "unload eth0 -n x -a", "unload eth0 -i 0", "unload eth0 -i abc", "unload eth0 -i 5 -i 6 -i 5", "unload eth0 -n ", "unload eth0 -n a,b",
        "convert", "convert eth0", "convert --protocol 2", "convert eth0 --protocol", "convert eth0 --protocol auto", "convert eth0 --protocol 2 --protocol 3",
        "status eth0 eth1", "status --all", "status --graph --json", "status --graph=dot", "status --graph=text --graph=mermaid", "inspect", "inspect ",
        "emit x", "emit --format pdf", "emit --protocol 9", "emit --slot prio=x", "emit --slot prio=1,prio=2", "emit --slot actions=PASSED", "emit --slot frag",
        "emit --slot frags=1", "emit --slot ", "emit --protocol 2 --slot devbound", "emit --protocol 1 --slot frags", "emit --endian middle", "emit --json -o -",
        "emit --slot prio=1 --slot prio=2 --slot prio=3 --slot prio=4 --slot prio=5 --slot prio=6 --slot prio=7 --slot prio=8 --slot prio=9 --slot prio=10 --slot prio=11",
        "status --json=foo", "emit --generic=no", "unload eth0 --all=yes", "unload eth0 -i 1,,2", "trace eth0 --pcap -", "load eth0 ", "replace eth0 46 ", "convert eth0 2", "doctor eth0", "completion", "completion tcsh", "completion bash --json",
    ];

    [Fact]
    public async Task Each_wrong_command_line_has_its_own_message()
    {
        var text = "";
        foreach (var line in WrongLines)
        {
            var args = line.Split(' ');
            var run = await CliRun.Of(args);
            Assert.True(run.ExitCode == 2, $"{line}: exit {run.ExitCode} {run.Output}{run.Error}");
            text += run.Describe(args) + "\n";
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task An_object_for_a_terminal_is_refused()
    {
        var terminal = new Screen(IsTerminal: true);
        Assert.Equal(2, (await CliRun.Of(terminal, new RecordedHost(), "emit")).ExitCode);
        Assert.Equal(2, (await CliRun.Of(terminal, new RecordedHost(), "emit", "-o", "-")).ExitCode);
        Assert.Equal(0, (await CliRun.Of(terminal, new RecordedHost(), "emit", "--json")).ExitCode);
        Assert.Equal(0, (await CliRun.Of(terminal, new RecordedHost(), "emit", "--format", "asm")).ExitCode);
        Assert.Equal(0, (await CliRun.Of("emit")).ExitCode);
    }

    [Fact]
    public async Task With_json_a_wrong_command_line_is_answered_in_json()
    {
        var run = await CliRun.Of("status", "--json", "eth0", "eth1");
        using var document = System.Text.Json.JsonDocument.Parse(run.Output);
        Assert.Equal("usage", document.RootElement.GetProperty("error").GetProperty("kind").GetString());
    }

    [Fact]
    public async Task A_wrong_command_line_never_reaches_the_machine()
    {
        foreach (var line in WrongLines.Where(l => l.StartsWith("load", StringComparison.Ordinal) || l.StartsWith("convert", StringComparison.Ordinal)))
        {
            var host = new RecordedHost { Change = Samples.Added };
            await CliRun.Of(host, line.Split(' '));
            Assert.Null(host.Request);
        }
    }
}
