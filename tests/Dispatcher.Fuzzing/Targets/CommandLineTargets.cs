using System.Text;
using Dispatcher.Cli;
using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A command line, one word a line: parsed, and its verb carried out on a machine that refuses all. Verbs that touch files are only parsed.</summary>
internal sealed class CommandLineTarget : IFuzzTarget
{
    private static readonly CliDefinition Definition = new();

    public string Name => "command-line";

    public string Suite => "cli";

    public IReadOnlyList<Type> Covers => [typeof(UsageErrors), typeof(NameSuggestion), typeof(ValueParser), typeof(PerObject), typeof(LoadCommand), typeof(UnloadCommand), typeof(ConvertCommand), typeof(CleanCommand)];

    public IReadOnlyList<string> Words =>
        [.. Definition.Verbs.SelectMany(verb => verb.Options.Select(option => option.Name).Append(verb.Name)).Distinct().Select(word => word + "\n"), "--json\n", "-v\n", "--\n", "=", "@", "\"", "4294967296"];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => new[]
    {
        "load\neth0\na.o\nb.o\n--prio\n10\n--prio\n20\n--actions\nXDP_PASS,XDP_TX\n--mode\nskb", "unload\neth0\n--id\n46", "unload\neth0\n--all",
        "status\neth0\n--json", "convert\neth0\n--protocol\n3", "clean\n-v", "stats\neth0\n--interval\n0.5\n--count\n3", "trace\neth0\n--verdict\nXDP_DROP\n--sample\n10\n--snaplen\n64", "doctor", "emit\n--slot\nprio=10,actions=none", "inspect\na.o", "load\n--hlep", "lod", "--version",
    }.Select(Encoding.UTF8.GetBytes);

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => TextParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => exception is UsageException or HintedException or DispatcherException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var words = Encoding.UTF8.GetString(input).Split('\n');
        var parsed = Definition.Root.Parse(words, new() { ResponseFileTokenReplacer = null });
        UsageErrors.ThrowIfAny(words, parsed, Definition);
        if (parsed.CommandResult.Command is not VerbCommand verb || verb is EmitCommand or InspectCommand or ExplainCommand)
            return;
        var console = new CliConsole { Out = TextWriter.Null, Error = TextWriter.Null };
        verb.RunAsync(parsed, new CliSession(console, new RefusingHost(), Json: true, Verbose: false), CancellationToken.None).GetAwaiter().GetResult();
    }
}

/// <summary>A slot as <c>emit --slot</c> takes it.</summary>
internal sealed class SlotTarget : IFuzzTarget
{
    public string Name => "slot-syntax";

    public string Suite => "cli";

    public IReadOnlyList<Type> Covers => [typeof(SlotSyntax), typeof(XdpActionNames)];

    public IReadOnlyList<string> Words => ["prio=", "actions=", "frags", "devbound", "none", "XDP_TX", "+", "4294967296", "pass"];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
        new[] { "prio=10,actions=XDP_PASS+XDP_TX,frags", "actions=none,devbound", "prio=4294967295,actions=drop+aborted+redirect" }.Select(Encoding.UTF8.GetBytes);

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => TextParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => false;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (SlotSyntax.TryParse(Encoding.UTF8.GetString(input), out var slot))
            BrokenPromiseException.ThrowUnless(slot.Actions.Mask >> (int)XdpAction.Redirect + 1 == 0, "a slot names known actions only");
    }
}
