using System.Collections.Immutable;
using System.Text.Json;
using Dispatcher.Cli.Hosting;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class ExplainTests : IDisposable
{
    private readonly TempFolder _folder = new();
    private readonly RecordedHost _host = new() { Copy = new RecordedCopy() };

    /// <inheritdoc/>
    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Each_packet_has_its_verdict_and_what_the_slots_returned()
    {
        var path = Write();
        var run = await CliRun.Of(_host, "explain", "eth0", "--pcap", path);
        Snapshot.Verify(run.Describe("explain", "eth0", "--pcap", "packets.pcap"));
    }

    [Fact]
    public async Task Json_is_a_line_for_each_packet()
    {
        var run = await CliRun.Of(_host, "explain", "eth0", "--pcap", Write(), "--json");
        foreach (var line in run.Output.TrimEnd('\n').Split('\n'))
            JsonDocument.Parse(line).Dispose();
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task Only_as_many_as_asked_for()
    {
        var run = await CliRun.Of(_host, "explain", "eth0", "--count", "1", "--pcap", Write());
        Assert.StartsWith("packet 1, ", run.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("packet 2", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_file_or_with_a_wrong_one_nothing_is_asked_of_the_machine()
    {
        Assert.Equal(2, (await CliRun.Of("explain", "eth0")).ExitCode);
        var missing = await CliRun.Of("explain", "eth0", "--pcap", _folder.PathOf("none"));
        Assert.Equal(6, missing.ExitCode);
        _folder.Write("wrong", new byte[100]);
        var wrong = await CliRun.Of("explain", "eth0", "--pcap", _folder.PathOf("wrong"));
        Assert.Equal(1, wrong.ExitCode);
        Assert.Contains("Malformed pcap at byte 0", wrong.Error, StringComparison.Ordinal);
        Assert.Contains($"hint: '{_folder.PathOf("wrong")}' has to be what", wrong.Error, StringComparison.Ordinal);
        var folder = await CliRun.Of("explain", "eth0", "--pcap", _folder.FullPath);
        Assert.Equal(1, folder.ExitCode);
        Assert.Contains("is a folder", folder.Error, StringComparison.Ordinal);
    }

    private string Write()
    {
        using var file = new MemoryStream();
        var writer = new PcapWriter(file, 64);
        foreach (var (size, length) in new[] { (60, 60), (64, 1514), (10, 10), (63, 63) })
            writer.Write(1_700_000_000_000_000_001, new byte[size], length);
        return _folder.Write("packets.pcap", file.ToArray());
    }

    // The verdict depends on the size: 60 is dropped in slot 0, 64 passes both, 63 does not fit.
    private sealed class RecordedCopy : IChainCopy
    {
        public ImmutableArray<ComponentStatus> Components => [Samples.Firewall, Samples.Ids with { Name = "evil\u001b[31m" }];

        public JudgedPacket Judge(ReadOnlySpan<byte> packet) => packet.Length switch
        {
            60 => new JudgedPacket(1, [1], packet.ToArray()),
            63 => throw new RefusedException("A test run refuses this packet."),
            _ => new JudgedPacket(2, [2, 77], packet.ToArray()),
        };

        public void Dispose()
        {
        }
    }
}
