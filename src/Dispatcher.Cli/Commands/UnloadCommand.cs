using System.CommandLine;
using Dispatcher.Compiler;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>unload</c>: takes programs out of the chain of an interface.</summary>
internal sealed class UnloadCommand : ChangeCommand
{
    private readonly Option<uint[]> _ids = new("--id", "-i")
    {
        HelpName = "ID",
        Description = "Program id, as status prints it; several with a comma or a space, or -i again.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ValueParser.List<uint>("--id", "a program id, a number from 1", (string text, out uint id) => ValueParser.TryParseNumber(text, out id) && id > 0),
    };

    private readonly Option<string?> _name = new("--prog-name", "-n")
    {
        HelpName = "NAME",
        Description = "Every program with this function name.",
    };

    private readonly Option<bool> _all = new("--all", "-a") { Description = "Every program of the chain; the hook is empty afterwards." };

    public UnloadCommand()
        : base("unload", "Take programs out of the chain of an interface, in one step.")
    {
        Add(_ids);
        Add(_name);
        Add(_all);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
        ["Give one of -i, -n and -a. The programs that stay keep their ids and maps. When the last one goes, the hook is emptied."];

    /// <inheritdoc/>
    public override string? OptionFor(string word) => ValueParser.TryParseNumber(word, out _) ? "-i" : "-n";

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("unload eth0 -i 46", "take out the program with id 46"),
        ("unload eth0 -i 46 -i 47", "take out two programs at once"),
        ("unload eth0 -n xdp_firewall", "take out by function name"),
        ("unload eth0 -a", "take out all of them"),
    ];

    /// <inheritdoc/>
    protected override string? Done => ChangeOutput.Removed;

    /// <inheritdoc/>
    protected override ChangeRequest Read(ParseResult parsed, CliSession session) => new DetachRequest(Select(parsed));

    private ComponentSelection Select(ParseResult parsed)
    {
        var ids = parsed.GetResult(_ids) is null ? [] : parsed.GetValue(_ids)!;
        var name = parsed.GetValue(_name);
        var all = parsed.GetValue(_all);
        var ways = (ids.Length > 0 ? 1 : 0) + (name is null ? 0 : 1) + (all ? 1 : 0);
        if (ways != 1)
        {
            throw new UsageException(
                ways == 0 ? "unload needs to know which programs" : "unload takes only one of -i, -n and -a",
                "give -i ID, -n NAME or -a; 'xdp-dispatch status' lists ids and names");
        }

        if (all)
            return ComponentSelection.All;
        if (name is { Length: 0 })
            throw new UsageException("--prog-name takes a function name, not an empty text");
        if (name?.Contains(',', StringComparison.Ordinal) == true)
            throw new UsageException($"--prog-name takes one function name, not '{Printable.Escape(name)}'", "take out several by id: -i ID,ID; 'xdp-dispatch status' lists them");
        if (name is not null)
            return ComponentSelection.ByName(name);
        if (ids.GroupBy(id => id).FirstOrDefault(group => group.Count() > 1) is { } twice)
            throw new UsageException($"program id {twice.Key} is named twice", "name it once");
        return ComponentSelection.ById([.. ids.Select(id => new ProgramId(id))]);
    }
}
