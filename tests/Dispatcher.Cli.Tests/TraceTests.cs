using System.Text.Json;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class TraceTests
{
    private static readonly RecordedHost Host = new()
    {
        Hooks = [Samples.Chain, Samples.Empty("eth1", 3)],
        Packets =
        [
            new TracedPackets([], 0),
            new TracedPackets(
                [
                    Packet(0, "xdp_firewall", 1, 1, "020000000001 020000000002 0800 45000023 00010000 4011 0000 0a4d0002 0a4d0001 1267 0035 000f 0000 78353300"),
                    Packet(1, "evil\u001b[31m", 1, 2, "020000000001 020000000002 8100 0064 86dd 60000000 00143a40 20010db8000000000000000000000001 20010db8000000000000000000000002"),
                ], 0),
            new TracedPackets(
                [
                    Packet(1, "xdp_ids", 77, 77, "020000000001 020000000002 0806 0001"),
                    Packet(1, "xdp_ids", 4, 4, "020000000001 020000000002 86dd 60000000 00140640 20010db8000000000000000000000001 20010db8000000000000000000000002 0050 1f90"),
                    Packet(1, "xdp_ids", 2, 2, "020000000001 020000000002 88cc"),
                ], 7),
        ],
    };

    [Fact]
    public async Task A_file_that_cannot_be_is_refused_before_anything_is_traced()
    {
        using var folder = new TempFolder();
        Assert.Contains("is a folder", (await CliRun.Of("trace", "eth0", "--pcap", folder.FullPath)).Error, StringComparison.Ordinal);
        Assert.Equal(6, (await CliRun.Of("trace", "eth0", "--pcap", folder.PathOf("none/x.pcap"))).ExitCode);
    }

    [Fact]
    public async Task Packets_are_lines_and_what_is_missing_is_noted()
    {
        var run = await CliRun.Of(Host, "trace", "eth0", "--count", "5");
        Assert.Equal((0, ""), (run.ExitCode, Host.TraceOptions!.Verdicts.IsEmpty ? "" : "verdicts"));
        Assert.Equal((1u, 2048), (Host.TraceOptions.SampleOneIn, Host.TraceOptions.SnapBytes));
        Snapshot.Verify(run.Describe("trace", "eth0", "--count", "5"));
    }

    [Fact]
    public async Task It_says_when_there_is_no_chain()
    {
        var run = await CliRun.Of(Host, "trace", "eth1", "--count", "1");
        Assert.StartsWith("eth1 has no chain; waiting for one\n", run.Error, StringComparison.Ordinal);

        var late = new RecordedHost { Hooks = Host.Hooks, Packets = [new TracedPackets([], 0), new TracedPackets([], 0) { IsRecording = true }, .. Host.Packets.Skip(1).Select(read => read with { IsRecording = true })] };
        run = await CliRun.Of(late, "trace", "eth0", "--count", "1");
        Assert.Equal(2, run.Error.Split("recording on eth0, 2 programs").Length - 1);
    }

    [Fact]
    public async Task Json_is_a_line_for_each_packet()
    {
        var run = await CliRun.Of(Host, "trace", "eth0", "--count", "3", "--json");
        var lines = run.Output.TrimEnd('\n').Split('\n');
        Assert.Equal(3, lines.Length);
        foreach (var line in lines)
            JsonDocument.Parse(line).Dispose();
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task Packets_go_to_a_file_that_tcpdump_reads()
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("packets.pcap");
        await CliRun.Of(Host, "trace", "eth0", "--count", "4", "--pcap", path);
        var text = Tool.Run("tcpdump", "-n", "-tt", "--time-stamp-precision=nano", "-r", path).OrFail().Output;
        Assert.Equal(4, text.TrimEnd('\n').Split('\n').Length);
        Assert.StartsWith("1700000000.000000001 IP 10.77.0.2.4711 > 10.77.0.1.53: ", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_of_before_stays_when_there_is_no_trace()
    {
        using var folder = new TempFolder();
        var path = folder.Write("packets.pcap", [1, 2, 3]);
        var run = await CliRun.Of(new RecordedHost { Failure = new NotFoundException("There is no interface.") }, "trace", "eth9", "--pcap", path);
        Assert.Equal((6, "010203"), (run.ExitCode, Convert.ToHexString(File.ReadAllBytes(path))));
    }

    [Fact]
    public async Task Options_say_which_packets()
    {
        await CliRun.Of(Host, "trace", "eth0", "--count", "1", "--verdict", "XDP_DROP", "--verdict", "aborted,drop", "--sample", "100", "--snaplen", "64");
        Assert.Equal([XdpAction.Drop, XdpAction.Aborted], Host.TraceOptions!.Verdicts.OrderDescending());
        Assert.Equal((100u, 64), (Host.TraceOptions.SampleOneIn, Host.TraceOptions.SnapBytes));
    }

    [Theory]
    [InlineData("--verdict", "none")]
    [InlineData("--verdict", "dorp")]
    [InlineData("--sample", "0")]
    [InlineData("--pcap", "")]
    [InlineData("--snaplen", "13")]
    [InlineData("--snaplen", "4097")]
    public async Task A_wrong_value_is_a_usage_error(string option, string value)
    {
        var run = await CliRun.Of(Host, "trace", "eth0", option, value);
        Assert.Equal((2, ""), (run.ExitCode, run.Output));
        Assert.Contains($"{option} takes", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_beginning_of_a_packet_has_a_summary()
    {
        foreach (var packet in Host.Packets.SelectMany(read => read.Packets))
        {
            for (var length = 0; length <= packet.Bytes.Length; length++)
                Assert.NotEmpty(Dispatcher.Cli.Output.PacketSummary.Of(packet.Bytes.Span[..length]));
        }
    }

    [Theory]
    [InlineData("3a 00 05 02 00 00 01 00", "fe80::1 > ff02::16 ICMPv6")]
    [InlineData("3c 00 00 00 00 00 00 00  11 00 00 00 00 00 00 00  12 67 00 35", "[fe80::1]:4711 > [ff02::16]:53 UDP")]
    [InlineData("3c 01 00 00 00 00 00 00", "fe80::1 > ff02::16 protocol 60")]
    public void Extension_headers_are_stepped_over(string headers, string summary)
    {
        var fixedPart = "333300000016 020000000001 86dd 60000000 0000 00 01 fe800000000000000000000000000001 ff020000000000000000000000000016";
        var bytes = Convert.FromHexString((fixedPart + headers).Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal($"IPv6 {summary}", Dispatcher.Cli.Output.PacketSummary.Of(bytes));
    }

    [Theory]
    [InlineData("0000", "[fe80::1]:4711 > [ff02::16]:53 UDP")]
    [InlineData("0008", "fe80::1 > ff02::16 UDP")]
    public void Only_the_first_fragment_has_ports(string offset, string summary)
    {
        var bytes = Convert.FromHexString("33330000001602000000000186dd" + "6000000000002c01" + "fe800000000000000000000000000001" + "ff020000000000000000000000000016" + $"1100{offset}00000001" + "12670035");
        Assert.Equal($"IPv6 {summary}", Dispatcher.Cli.Output.PacketSummary.Of(bytes));
    }

    private static TracedPacket Packet(int slot, string name, uint returned, uint verdict, string hex)
    {
        var bytes = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        return new TracedPacket(1_700_000_000_000_000_001, slot, new ProgramId(46 + (uint)slot), name, returned, verdict, Math.Max(60, bytes.Length), bytes);
    }
}
