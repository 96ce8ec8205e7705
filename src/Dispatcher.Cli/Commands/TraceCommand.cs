using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;

namespace Dispatcher.Cli.Commands;

/// <summary><c>trace</c>: shows packets with the program that ended their way.</summary>
internal sealed class TraceCommand : VerbCommand
{
    private readonly Argument<string> _interface = CommonArguments.Interface();

    private readonly Option<ChainCallActions[]> _verdicts = new("--verdict")
    {
        HelpName = "ACTIONS",
        Description = $"Only packets that the chain gave this verdict: {CommonArguments.ActionNames}; several with a comma, or --verdict again. Default: any.",
        CustomParser = ValueParser.Many<ChainCallActions>("--verdict", CommonArguments.ActionNames + " apart by commas", TryParseVerdicts),
    };

    private readonly Option<uint> _sample = new("--sample")
    {
        HelpName = "N",
        Description = "One packet in N, by chance, so that a flood does not hurt. Default: 1, every packet.",
        DefaultValueFactory = _ => 1,
        CustomParser = ValueParser.One("--sample", "a number from 1", (string text, out uint n) => ValueParser.TryParseNumber(text, out n) && n > 0),
    };

    private readonly Option<string?> _pcap = CommonArguments.Pcap("Write the packets to this file too, for tcpdump and explain.");

    private readonly Option<int> _snap = new("--snaplen")
    {
        HelpName = "BYTES",
        Description = $"Bytes of a packet that are kept, {TraceOptions.MinSnapBytes} to {TraceOptions.MaxSnapBytes}. Default: 2048.",
        DefaultValueFactory = _ => new TraceOptions().SnapBytes,
        CustomParser = ValueParser.One<int>("--snaplen", $"a number from {TraceOptions.MinSnapBytes} to {TraceOptions.MaxSnapBytes}", TryParseSnap),
    };

    private readonly Option<uint?> _count = CommonArguments.Count("End after N packets. Default: at Ctrl-C.");

    public TraceCommand()
        : base("trace", "Show packets with the program of the chain that ended their way.")
    {
        Add(_interface);
        Add(_verdicts);
        Add(_pcap);
        Add(_count);
        Add(_sample);
        Add(_snap);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "A program ends the way of a packet when it returns something after which the chain does not go on, or is the last one. A tracing "
        + "program at the end of each program of the chain records it, only while this runs; the dispatcher is not touched.",
        "A packet is shown as the program left it. One in several buffers shows its first buffer. With --json each packet is one line. "
        + CommonArguments.EndsWellAtInterrupt,
    ];

    /// <inheritdoc/>
    public override string? OptionFor(string word) => word.StartsWith("XDP_", StringComparison.Ordinal) ? "--verdict" : "--pcap";

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("trace eth0 --verdict XDP_DROP", "who dropped my packet"),
        ("trace eth0 --verdict XDP_DROP --sample 100 --count 50", "a look into a flood"),
        ("trace eth0 --pcap packets.pcap --count 1000", "packets for tcpdump, or for explain"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var interfaceName = parsed.GetRequiredValue(_interface);
        var options = new TraceOptions
        {
            Verdicts = [.. (parsed.GetResult(_verdicts) is null ? [] : parsed.GetValue(_verdicts)!).SelectMany(set => set.ToActions()).Distinct()],
            SampleOneIn = parsed.GetValue(_sample),
            SnapBytes = parsed.GetValue(_snap),
        };
        var left = parsed.GetValue(_count) ?? ulong.MaxValue;
        var path = parsed.GetValue(_pcap);
        if (path is not null)
            OutputFile.RequirePlace(path);
        return await session.Host.WithHintsAsync(interfaceName, () => RunAsync(session, interfaceName, options, left, path, cancellationToken));
    }

    private static async Task<ExitCode> RunAsync(
        CliSession session, string interfaceName, TraceOptions options, ulong left, string? path, CancellationToken cancellationToken)
    {
        FileStream? file = null;
        PcapWriter? pcap = null;
        using var batch = new MemoryStream();
        var lost = 0ul;
        bool? isRecording = null;
        try
        {
            await foreach (var read in session.Host.TraceAsync(interfaceName, options, cancellationToken))
            {
                // Not before there is a trace: an error leaves the file of the last one as it is.
                if (path is not null && pcap is null)
                {
                    file = await Interruptible.RunAsync(() => OutputFile.Create(path), cancellationToken);
                    pcap = new PcapWriter(batch, options.SnapBytes);
                }

                if (isRecording != read.IsRecording && !session.Json)
                    await session.Console.Error.WriteLineAsync(Beginning(await session.Host.GetStatusAsync(interfaceName, cancellationToken)));
                isRecording = read.IsRecording;
                lost = read.Lost;
                var shown = read.Packets[..(int)Math.Min(left, (ulong)read.Packets.Length)];
                foreach (var packet in shown)
                {
                    TraceOutput.Write(session, packet);
                    pcap?.Write(packet.TimeNs, packet.Bytes.Span, packet.LengthBytes);
                }

                // First the file, whole packets at once: whoever ends this in the middle of it has a file that can be read.
                if (file is not null)
                    WriteOut(batch, file);
                await session.Console.Out.FlushAsync(cancellationToken);
                left -= (ulong)shown.Length;
                if (left == 0)
                    break;
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Ctrl-C is how one ends it.
        }
        finally
        {
            if (file is not null)
                await file.DisposeAsync();
        }

        if (lost > 0)
            await session.Console.Error.WriteLineAsync($"note: {lost} packets are missing, since they came faster than they could be shown; --sample N records one in N");
        return ExitCode.Done;
    }

    private static void WriteOut(MemoryStream batch, FileStream file)
    {
        file.Write(batch.GetBuffer().AsSpan(0, (int)batch.Length));
        batch.SetLength(0);
    }

    private static string Beginning(HookStatus hook) => hook.Chain is { } chain
        ? $"recording on {Printable.Escape(hook.InterfaceName)}, {Counted.Of(chain.Programs.Length, "program")}; Ctrl-C ends"
        : CountsOutput.NoChain(hook.InterfaceName, waits: true);

    private static bool TryParseVerdicts(string text, out ChainCallActions verdicts) =>
        ValueParser.TryParseActions(text, out verdicts) && verdicts.Mask != 0;

    private static bool TryParseSnap(string text, out int bytes)
    {
        var isNumber = ValueParser.TryParseNumber(text, out var number) && number is >= TraceOptions.MinSnapBytes and <= TraceOptions.MaxSnapBytes;
        bytes = isNumber ? (int)number : 0;
        return isNumber;
    }
}
