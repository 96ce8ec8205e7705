using System.CommandLine;
using Dispatcher.Cli.Commands;

namespace Dispatcher.Cli;

/// <summary>Every verb and option of the tool. Help, completion and the check of docs/cli.md read this.</summary>
internal sealed class CliDefinition
{
    /// <summary>The tool's name.</summary>
    public const string ToolName = "xdp-dispatch";

    public CliDefinition()
    {
        Root = new Command(ToolName, "Lets several XDP programs share one network interface.")
        {
            Json, Verbose, Help, Version,
            new LoadCommand { NetNamespace }, new UnloadCommand { NetNamespace },
            new ReplaceCommand { NetNamespace }, new SetCommand { NetNamespace },
            new ConvertCommand { NetNamespace }, new StatusCommand { NetNamespace },
            new StatsCommand { NetNamespace }, new TraceCommand { NetNamespace },
            new ExplainCommand { NetNamespace }, new WatchCommand { NetNamespace }, new CleanCommand { NetNamespace },
            new EmitCommand(), new InspectCommand { NetNamespace }, new DoctorCommand(),
        };
        Root.Add(new CompletionCommand(this));
    }

    /// <summary>The whole command line.</summary>
    public Command Root { get; }

    /// <summary><c>--json</c>, on every verb.</summary>
    public Option<bool> Json { get; } = new("--json")
    {
        Recursive = true,
        Description = "Answer with one JSON document on standard output, errors too.",
    };

    /// <summary><c>-v</c>, on every verb.</summary>
    public Option<bool> Verbose { get; } = new("--verbose", "-v")
    {
        Recursive = true,
        Description = "Say more: chains after a change, the whole log of the verifier and of libbpf, what inspect leaves out.",
    };

    /// <summary><c>-h</c>, on every verb.</summary>
    public Option<bool> Help { get; } = new("--help", "-h", "-?")
    {
        Recursive = true,
        Description = "Show this help.",
    };

    /// <summary><c>--netns</c>, on the verbs that look at interfaces.</summary>
    public Option<string?> NetNamespace { get; } = new("--netns")
    {
        HelpName = "NAME|PATH",
        Description = "Network namespace of the interface: a name under /run/netns, or a path such as /proc/1234/ns/net. Default: this one.",
    };

    /// <summary><c>--version</c> of the tool, on every verb.</summary>
    public Option<bool> Version { get; } = new("--version")
    {
        Recursive = true,
        Description = "Show the tool's version.",
    };

    /// <summary>The verbs in the order of the help.</summary>
    public IEnumerable<VerbCommand> Verbs => Root.Subcommands.OfType<VerbCommand>();
}
