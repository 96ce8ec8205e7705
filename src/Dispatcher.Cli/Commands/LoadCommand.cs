using System.CommandLine;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary><c>load</c>: adds programs to the chain of an interface.</summary>
internal sealed class LoadCommand : ChangeCommand
{
    private readonly Argument<string[]> _objects = new(CommonArguments.ObjectName)
    {
        HelpName = CommonArguments.ObjectName,
        Arity = ArgumentArity.OneOrMore,
        Description = "Object files that clang made for the BPF target; one program is taken from each.",
    };

    private readonly Option<string[]> _names = new("--prog-name", "-n")
    {
        HelpName = "NAME",
        Description = "Function to load. Default: the first XDP program of the object.",
    };

    private readonly Option<string[]> _sections = new("--section", "-s")
    {
        HelpName = "SECTION",
        Description = "ELF section of the function to load.",
    };

    private readonly Option<uint[]> _priorities = PolicyOptions.Priorities("Default: what the object says, else 50.");

    private readonly Option<ChainCallActions[]> _actions = PolicyOptions.ActionsOfEach("Default: what the object says, else XDP_PASS.");

    private readonly ChoiceOption<AttachMode> _mode = new(
        "--mode", ["-m"],
        ("unspecified", AttachMode.Unspecified), ("native", AttachMode.Native), ("skb", AttachMode.Skb), ("hw", AttachMode.Hw))
    {
        Description = "Where the chain is attached. unspecified: as the chain that is there, else native where the driver can, else skb. No dispatcher runs in hw mode.",
    };

    private readonly Option<string?> _pinFolder = new("--pin-path", "-p")
    {
        HelpName = CommonArguments.FolderName,
        Description = "Folder on a BPF file system for maps that ask to be pinned by name, and for program arrays (tail calls).",
    };

    private readonly Option<bool> _deviceBound = new("--device-bound")
    {
        Description = "Bind the programs to the interface, so that they may ask its driver for metadata of packets; then all of the chain must be. Linux 6.3.",
    };

    private readonly ChoiceOption<DispatcherVersion?> _protocol = new(
        "--protocol", [], ("auto", null), ("1", DispatcherVersion.V1), ("2", DispatcherVersion.V2), ("3", DispatcherVersion.V3))
    {
        Description = "Protocol version of a new chain: libxdp 1.3 to 1.5 join version 2, 1.6 joins version 3. A chain that is there keeps its own, and another is refused. auto: 2, or 3 where that is needed.",
    };

    private readonly Option<bool> _ifAbsent = new("--if-absent")
    {
        Description = "Leave out programs whose function names are in the chain already: what is there stays as it is. Two processes that do this at once add one.",
    };

    public LoadCommand()
        : base("load", "Add programs to the chain of an interface, in one step.")
    {
        Add(_objects);
        Add(_names);
        Add(_sections);
        Add(_priorities);
        Add(_actions);
        Add(_mode);
        Add(_pinFolder);
        Add(_deviceBound);
        Add(_protocol);
        Add(_ifAbsent);
        AddCommon();
    }

    /// <inheritdoc/>
    public override IReadOnlyList<string> Notes =>
    [
        "With several objects, -n, -s, -P and -A are given once, for all of them, or once per object, in their order. "
        + "All objects join the chain in one swap, or none does.",
        "An object says its priority and actions in a section .xdp_run_config of its BTF: XDP_COMPONENT of xdp_component.h, which is installed in share/xdp-dispatch, or XDP_RUN_CONFIG "
        + "of libxdp's xdp/xdp_helpers.h. Without it they are 50 and XDP_PASS.",
        "The programs that are in the chain already keep running: no packet passes by them during the change.",
        "On several interfaces it is one program with one set of maps; loaded on each by itself it has maps for each.",
    ];

    /// <inheritdoc/>
    public override IReadOnlyList<(string CommandLine, string Purpose)> Examples =>
    [
        ("load eth0 firewall.o", "add the first XDP program of firewall.o"),
        ("load eth0 firewall.o ids.o -P 10 -P 20", "add two programs at once, in this order"),
        ("load eth0 lb.o -n lb_main -A XDP_PASS,XDP_TX", "choose the function, and go on after XDP_TX too"),
        ("load eth0 firewall.o --if-absent", "for a service: once, however often it starts"),
        ("load eth0 firewall.o -m native --json", "refuse a driver without native XDP; answer in JSON"),
    ];

    /// <inheritdoc/>
    protected override string? Done => ChangeOutput.Added;

    /// <inheritdoc/>
    protected override ChangeRequest Read(ParseResult parsed, CliSession session) => new AttachRequest(
        OpenAll(parsed, session),
        new AttachOptions
        {
            Mode = parsed.GetValue(_mode),
            Protocol = parsed.GetValue(_protocol),
            MapPinFolder = parsed.GetValue(_pinFolder),
            IfPresent = parsed.GetValue(_ifAbsent) ? PresentProgram.Keep : PresentProgram.AttachAnother,
        });

    private List<ComponentProgram> OpenAll(ParseResult parsed, CliSession session)
    {
        var paths = parsed.GetRequiredValue(_objects);
        var names = PerObject.Of(parsed, _names, paths.Length);
        var sections = PerObject.Of(parsed, _sections, paths.Length);
        var priorities = PerObject.Of(parsed, _priorities, paths.Length);
        var actions = PerObject.Of(parsed, _actions, paths.Length);
        var flags = parsed.GetValue(_deviceBound) ? ProgramFlags.DeviceBound : ProgramFlags.None;
        var programs = new List<ComponentProgram>(paths.Length);
        for (var i = 0; i < paths.Length; i++)
        {
            var program = CommonArguments.OpenObject(session, paths[i], names?[i], sections?[i]);
            program = program with { Flags = program.Flags | flags };
            if (priorities is not null)
                program = program with { Priority = priorities[i] };
            if (actions is not null)
                program = program with { Actions = actions[i] };
            programs.Add(program);
        }

        return programs;
    }
}
