using System.Collections.Immutable;
using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Commands;

/// <summary><c>emit</c>: writes a dispatcher as an object file or as text.</summary>
internal sealed class EmitCommand : VerbCommand
{
    private const string StandardOutput = "-";

    private readonly Option<string?> _output = new("--output", "-o")
    {
        HelpName = CommonArguments.FileName,
        Description = "Where to write; - is standard output. Default: standard output.",
    };

    private readonly ChoiceOption<EmitFormat> _format = new(
        "--format", [], ("elf", EmitFormat.Elf), ("btf", EmitFormat.Btf), ("asm", EmitFormat.Asm), ("c", EmitFormat.C))
    {
        Description = "elf: the object file. btf, asm, c: its types, its instructions, its C twin, as text for snapshots.",
    };

    private readonly ChoiceOption<DispatcherVersion?> _protocol = new(
        "--protocol", [], ("auto", null), ("1", DispatcherVersion.V1), ("2", DispatcherVersion.V2), ("3", DispatcherVersion.V3))
    {
        Description = "Protocol version. auto: 2, or 3 with a devbound slot. 1 cannot say frags or devbound.",
    };

    private readonly Option<bool> _generic = new("--generic")
    {
        Description = "Ten slots whose policy is read from .rodata, for a loader that fills it in.",
    };

    private readonly Option<Slot[]> _slots = new("--slot")
    {
        HelpName = "prio=10,actions=XDP_PASS+XDP_TX,frags",
        Description = "One slot, in running order; give it up to ten times. Keys: prio (50), actions (XDP_PASS), frags, devbound. "
            + "Default: one slot as in brackets; with --generic none.",
        CustomParser = ValueParser.Many<Slot>("--slot", SlotSyntax.Expected, SlotSyntax.TryParse),
    };

    private readonly ChoiceOption<ByteOrder> _byteOrder = new("--endian", [], ("little", ByteOrder.Little), ("big", ByteOrder.Big))
    {
        Description = "Byte order of the machine that is to load it.",
    };

    public EmitCommand()
        : base("emit", "Write a dispatcher as an object file or as text, without touching the kernel.")
    {
        Add(_output);
        Add(_format);
        Add(_protocol);
        Add(_generic);
        Add(_slots);
        Add(_byteOrder);
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        ["The same options give the same bytes on every machine. Needs neither root nor a compiler."];

    /// <inheritdoc/>
    public override string? OptionFor(string word) => "-o";

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("emit -o dispatcher.o --slot prio=10 --slot prio=20", "an object for two programs"),
        ("emit --format asm --slot actions=XDP_PASS+XDP_TX,frags", "its instructions, to read"),
        ("emit --format c", "the same in C"),
        ("emit --generic --protocol 2 -o xdp-dispatcher.o", "a dispatcher that libxdp can load in place of its own"),
    ];

    /// <inheritdoc/>
    public override async Task<ExitCode> RunAsync(ParseResult parsed, CliSession session, CancellationToken cancellationToken)
    {
        var console = session.Console;
        var path = parsed.GetValue(_output);
        var format = parsed.GetValue(_format);
        if (path is { Length: 0 })
            throw new UsageException("--output takes a file name, not an empty text");
        if (session.Json && path == StandardOutput)
            throw new UsageException("--json and -o - both want standard output", "leave one of them out; the JSON holds what would be written");
        if (format == EmitFormat.Elf && path is (null or StandardOutput) && console.IsTerminal && !session.Json)
            throw new UsageException("an ELF object would garble this terminal", "give -o FILE, or --format asm, btf or c to read it");

        var spec = SpecOf(parsed);
        foreach (var (slot, place) in spec.Slots.Zip(spec.Slots.Skip(1)).Index().Where(pair => pair.Item.Second.Priority < pair.Item.First.Priority).Select(pair => (pair.Item, pair.Index)))
        {
            await console.Error.WriteLineAsync(
                $"note: slot {place + 1} of priority {slot.Second.Priority} runs after slot {place} of priority {slot.First.Priority}, as given; applications put chains in the order of priorities");
        }

        var emission = Emission.Of(spec, format, parsed.GetValue(_byteOrder));
        var isToFile = path is not (null or StandardOutput);
        if (isToFile)
            await Interruptible.RunAsync(() => OutputFile.Write(path!, emission.Bytes), cancellationToken);
        if (session.Json)
            JsonAnswer.Write(console, writer => emission.WriteJson(writer, isToFile ? path : null));
        else if (!isToFile)
            await WriteToStandardOutputAsync(console, emission, cancellationToken);
        else if (session.Verbose)
            await console.Error.WriteLineAsync($"wrote {emission.Bytes.Length} bytes to {Printable.Escape(path!)}");
        return ExitCode.Done;
    }

    private static async Task WriteToStandardOutputAsync(CliConsole console, Emission emission, CancellationToken cancellationToken)
    {
        if (emission.Text is { } text)
        {
            await console.Out.WriteAsync(text);
            return;
        }

        await using var stream = console.OpenBinaryOut();
        await stream.WriteAsync(emission.Bytes, cancellationToken);
    }

    private DispatcherSpec SpecOf(ParseResult parsed)
    {
        var isGeneric = parsed.GetValue(_generic);
        ImmutableArray<Slot> slots = parsed.GetResult(_slots) is not null ? [.. parsed.GetValue(_slots)!] : isGeneric ? [] : [Slot.Default];
        try
        {
            return new DispatcherSpec(
                parsed.GetValue(_protocol) ?? DispatcherVersions.LowestFor(slots), slots, isGeneric ? DispatcherFlavour.Generic : DispatcherFlavour.Specialised);
        }
        catch (ArgumentException e)
        {
            throw new UsageException(e.Message.Split(" (Parameter", StringSplitOptions.None)[0].TrimEnd('.'));
        }
    }
}
