using System.CommandLine;
using Dispatcher.Cli.Commands;

namespace Dispatcher.Cli.Help;

/// <summary>What a shell can offer for a value.</summary>
internal enum Offer
{
    /// <summary>Nothing.</summary>
    Nothing,

    /// <summary>A list of words.</summary>
    Words,

    /// <summary>Network interfaces.</summary>
    Interfaces,

    /// <summary>Files.</summary>
    Files,

    /// <summary>Folders.</summary>
    Folders,
}

/// <summary>A value on the command line.</summary>
/// <param name="Offer">What to offer.</param>
/// <param name="Words">The words, when it is one of a few.</param>
internal sealed record CompletedValue(Offer Offer, IReadOnlyList<string> Words)
{
    /// <summary>Whether several may be given, apart by commas.</summary>
    public bool IsList { get; private init; }

    private static readonly string[] Actions = [.. Compiler.Model.XdpActionNames.All.Select(a => Compiler.Model.XdpActionNames.KernelName(a))];

    /// <summary>What to offer for an option or argument, from its help name.</summary>
    public static CompletedValue Of(Symbol symbol, string? helpName) => (symbol, helpName) switch
    {
        (IChoices choices, _) => new(Offer.Words, choices.Words),
        (_, CommonArguments.InterfaceName) => new(Offer.Interfaces, []) { IsList = symbol is ITakesList },
        (_, CommonArguments.ObjectName or CommonArguments.FileName or CommonArguments.SubjectName) => new(Offer.Files, []),
        (_, CommonArguments.FolderName) => new(Offer.Folders, []),
        (Option { Name: "--actions" or "--verdict" }, _) => new(Offer.Words, Actions) { IsList = true },
        _ => new(Offer.Nothing, []),
    };
}

/// <summary>An option as shells see it.</summary>
/// <param name="Names">Short and long.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Value">Its value; null for a switch.</param>
/// <param name="IsRepeatable">Whether it may be given again.</param>
internal sealed record CompletedOption(IReadOnlyList<string> Names, string Description, CompletedValue? Value, bool IsRepeatable)
{
    /// <summary>Whether the value may be left out; it stands behind an equals sign then.</summary>
    public bool IsValueOptional { get; init; }
}

/// <summary>An argument as shells see it.</summary>
/// <param name="Name">Its help name.</param>
/// <param name="Value">What it takes.</param>
/// <param name="IsRepeatable">Whether more may follow.</param>
internal sealed record CompletedArgument(string Name, CompletedValue Value, bool IsRepeatable);

/// <summary>A verb as shells see it.</summary>
/// <param name="Name">What the user types.</param>
/// <param name="Description">One sentence.</param>
/// <param name="Options">Its own options and those of every verb.</param>
/// <param name="Arguments">In their order.</param>
internal sealed record CompletedVerb(
    string Name, string Description, IReadOnlyList<CompletedOption> Options, IReadOnlyList<CompletedArgument> Arguments);

/// <summary>The command line as shells see it.</summary>
/// <param name="Verbs">The verbs.</param>
/// <param name="Options">Options before the verb.</param>
internal sealed record CompletionModel(IReadOnlyList<CompletedVerb> Verbs, IReadOnlyList<CompletedOption> Options)
{
    /// <summary>Reads the definitions of the tool.</summary>
    public static CompletionModel Of(CliDefinition definition)
    {
        var common = definition.Root.Options.Where(o => o.Recursive).ToArray();
        return new(
            [.. definition.Verbs.Select(verb => new CompletedVerb(
                verb.Name,
                verb.Description!,
                [.. verb.Options.Concat(common).Select(Describe)],
                [.. verb.Arguments.Select(Describe)])),
                HelpVerb(definition)],
            [.. definition.Root.Options.Select(Describe)]);
    }

    // No verb of its own: it is read as the option of the verb that follows.
    private static CompletedVerb HelpVerb(CliDefinition definition) => new(
        "help", "Show the help of a verb.", [], [new CompletedArgument("verb", new CompletedValue(Offer.Words, [.. definition.Verbs.Select(verb => verb.Name)]), false)]);

    private static CompletedOption Describe(Option option)
    {
        var isSwitch = option.ValueType == typeof(bool);
        return new(
            [.. option.Aliases.Where(a => a != "-?").Append(option.Name)],
            option.Description!,
            isSwitch ? null : CompletedValue.Of(option, option.HelpName),
            option.ValueType.IsArray)
        {
            IsValueOptional = option is IChoices { ImpliedWord: not null },
        };
    }

    private static CompletedArgument Describe(Argument argument) =>
        new(argument.HelpName!, CompletedValue.Of(argument, argument.HelpName), argument.Arity.MaximumNumberOfValues > 1);
}
