using System.CommandLine;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>replace</c>: exchanges a program of a chain for another version of it.</summary>
internal sealed class ReplaceCommand : ChangeCommand
{
    private readonly Argument<string> _program = ProgramReference.Argument();

    private readonly Argument<string> _object = new(CommonArguments.ObjectName)
    {
        HelpName = CommonArguments.ObjectName,
        Description = "Object file with the new version.",
    };

    private readonly Option<string?> _name = new("--prog-name", "-n")
    {
        HelpName = "NAME",
        Description = "Function to load. Default: the first XDP program of the object.",
    };

    private readonly Option<string?> _section = new("--section", "-s")
    {
        HelpName = "SECTION",
        Description = "ELF section of the function to load.",
    };

    private readonly Option<uint?> _priority = PolicyOptions.Priority("Default: that of the program that is replaced.");

    private readonly Option<ChainCallActions?> _actions = PolicyOptions.Actions("Default: those of the program that is replaced.");

    private readonly Option<string> _maps = new("--maps")
    {
        HelpName = "reuse|fresh|NAME=reuse,...",
        Description = "reuse: named maps are taken over with their contents; fresh: they begin anew; NAME=... for single ones.",
        DefaultValueFactory = _ => "reuse",
    };

    private readonly Option<string?> _pinFolder = new("--pin-path", "-p")
    {
        HelpName = CommonArguments.FolderName,
        Description = "Folder on a BPF file system for new maps that ask to be pinned by name, and for program arrays (tail calls).",
    };

    public ReplaceCommand()
        : base("replace", "Exchange a program of a chain for another version of it, in one step.")
    {
        Add(_program);
        Add(_object);
        Add(_name);
        Add(_section);
        Add(_priority);
        Add(_actions);
        Add(_maps);
        Add(_pinFolder);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "No packet sees neither version, or both. When the kernel refuses the new one, or a map does not fit, the old one runs on. "
        + "Maps fit when type, sizes, flags and the types of keys and values are the same. Global variables always begin anew.",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("replace eth0 xdp_firewall firewall-2.o", "the new version keeps slot, policy and maps"),
        ("replace eth0 46 firewall-2.o -P 5", "by id, with another priority"),
        ("replace eth0 xdp_firewall firewall-2.o --maps reuse,firewall_stats=fresh", "the port list stays, the counters begin anew"),
    ];

    /// <inheritdoc/>
    protected override string? Done => ChangeOutput.Replaced;

    /// <inheritdoc/>
    protected override ChangeRequest Read(ParseResult parsed, CliSession session)
    {
        var (program, path) = (parsed.GetRequiredValue(_program), parsed.GetRequiredValue(_object));
        // No program is called like a file.
        if (HostHints.IsObject(program))
            throw new UsageException($"'{Printable.Escape(program)}' stands where the program that leaves belongs", $"first the program that runs, then the object file: {Printable.Escape(path)} {Printable.Escape(program)}");
        var selection = ProgramReference.Read(program);
        var options = MapHandlingSyntax.Apply(
            new ReplaceOptions { Priority = parsed.GetValue(_priority), Actions = parsed.GetValue(_actions), MapPinFolder = parsed.GetValue(_pinFolder) },
            parsed.GetRequiredValue(_maps));
        return new ReplaceRequest(
            selection, CommonArguments.OpenObject(session, path, parsed.GetValue(_name), parsed.GetValue(_section)), options);
    }
}
