using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>explain</c>: shows what each program of a chain would do with packets of a file.</summary>
internal sealed class ExplainCommand : VerbCommand
{
    private const int ShortestPacketBytes = TraceOptions.MinSnapBytes;

    private readonly Argument<string> _interface = CommonArguments.Interface();

    private readonly Option<string?> _pcap = CommonArguments.Pcap("Packets, as trace and tcpdump write them: pcap, Ethernet. Needed.");

    private readonly Option<uint?> _count = CommonArguments.Count("Only the first N packets. Default: all of the file.");

    public ExplainCommand()
        : base("explain", "Show what each program of a chain does with packets of a file.")
    {
        _pcap.Required = true;
        Add(_interface);
        Add(_pcap);
        Add(_count);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "The programs of the chain are linked into a dispatcher that is on no interface, and the kernel runs it on each packet: nothing is "
        + "received, sent or redirected, and the chain on the interface is not touched.",
        "The programs are those that run there and share their maps with this: what they count, learn or limit takes these packets for traffic. "
        + "To them packets come in on the loopback interface.",
        "With --json each packet is one line.",
    ];

    /// <inheritdoc/>
    public override string? OptionFor(string word) => "--pcap";

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("explain eth0 --pcap packets.pcap", "verdict by slot, for each packet"),
        ("explain eth0 --pcap packets.pcap --count 1 --json", "the first packet only, in JSON"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetRequiredValue(_interface);
        using var packets = await Interruptible.RunAsync(() => PacketFile.Open(parsed.GetRequiredValue(_pcap)!), cancellationToken);
        var left = parsed.GetValue(_count) ?? uint.MaxValue;
        using var chain = await session.Host.WithHintsAsync(interfaceName, () => session.Host.CopyChainAsync(interfaceName, cancellationToken));
        await session.Console.Error.WriteLineAsync("note: the programs share their maps with the running chain, so they take these packets for traffic");
        var number = 1u;
        for (; left > 0 && await Interruptible.RunAsync(packets.Read, cancellationToken) is { } packet; number++, left--)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (packet.Bytes.Length < ShortestPacketBytes)
            {
                ExplainOutput.WriteRefusal(session, number, packet, $"it is shorter than an Ethernet header, {ShortestPacketBytes} bytes");
                continue;
            }

            try
            {
                ExplainOutput.Write(session, number, packet, chain.Components, chain.Judge(packet.Bytes.Span));
            }
            catch (RefusedException refused)
            {
                ExplainOutput.WriteRefusal(session, number, packet, ErrorReport.Of(refused).Message);
            }
        }

        if (number == 1)
            await session.Console.Error.WriteLineAsync("note: there is no packet in the file");
        return ExitCode.Done;
    }
}
