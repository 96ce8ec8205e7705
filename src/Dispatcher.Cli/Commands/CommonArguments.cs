using System.CommandLine;
using System.Globalization;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>Its value may be several words apart by commas.</summary>
internal interface ITakesList;

/// <summary>Arguments that several verbs take. Completion knows what to offer from their help names.</summary>
internal static class CommonArguments
{
    private const double ShortestSeconds = 0.1;
    private const double LongestSeconds = 86_400;

    /// <summary>Note of the verbs that go on until somebody ends them.</summary>
    public const string EndsWellAtInterrupt = "Ctrl-C and SIGTERM end it, with exit code 0.";

    /// <summary>The verdicts of XDP programs.</summary>
    public static string ActionNames { get; } = string.Join(", ", XdpActionNames.All.Select(action => action.KernelName()));

    /// <summary>Help name of an interface.</summary>
    public const string InterfaceName = "ifname";

    /// <summary>Help name of a file.</summary>
    public const string FileName = "FILE";

    /// <summary>Help name of an object file.</summary>
    public const string ObjectName = "object.o";

    /// <summary>Help name of what inspect takes.</summary>
    public const string SubjectName = "object.o|ifname|prog-id";

    /// <summary>Help name of a folder.</summary>
    public const string FolderName = "DIR";

    /// <summary><c>--interval</c>.</summary>
    /// <param name="description">What happens after this time, and the default.</param>
    /// <param name="defaultSeconds">Without the option.</param>
    public static Option<double> Interval(string description, double defaultSeconds) => new("--interval")
    {
        HelpName = "SECONDS",
        Description = description,
        DefaultValueFactory = _ => defaultSeconds,
        CustomParser = ValueParser.One(
            "--interval", "seconds from 0.1 to 86400",
            (string text, out double seconds) => double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out seconds)
                && seconds is >= ShortestSeconds and <= LongestSeconds),
    };

    /// <summary><c>--count</c> of a verb that goes on until Ctrl-C without it.</summary>
    /// <param name="description">What is counted.</param>
    public static Option<uint?> Count(string description) => new("--count")
    {
        HelpName = "N",
        Description = description,
        CustomParser = ValueParser.One("--count", "a number from 1", (string text, out uint? count) =>
        {
            count = ValueParser.TryParseNumber(text, out var number) && number > 0 ? number : null;
            return count is not null;
        }),
    };

    /// <summary><c>--pcap</c>.</summary>
    /// <param name="description">What happens to the file.</param>
    public static Option<string?> Pcap(string description) => new("--pcap")
    {
        HelpName = FileName,
        Description = description,
        CustomParser = ValueParser.One("--pcap", "the name of a file", (string text, out string? path) =>
        {
            path = text;
            return text is not ("" or "-") && !text.Contains('\0', StringComparison.Ordinal);
        }),
    };

    /// <summary>Opens the object that an argument names.</summary>
    /// <exception cref="UsageException">The name is empty.</exception>
    public static ComponentProgram OpenObject(CliSession session, string path, string? functionName, string? sectionName)
    {
        if (path.Length == 0)
            throw new UsageException($"<{ObjectName}> takes an object file, not an empty text");
        return session.Host.OpenComponent(path, functionName, sectionName);
    }

    /// <summary>The interface that a verb works on.</summary>
    public static Argument<string> Interface() => new(InterfaceName)
    {
        HelpName = InterfaceName,
        Description = "Network interface in this network namespace.",
    };

    /// <summary>The interfaces that a change is made on.</summary>
    public static Argument<string> Interfaces() => new ListArgument<string>(InterfaceName)
    {
        HelpName = InterfaceName,
        Description = "Network interface in this network namespace; several apart by commas, and patterns such as 'veth*'.",
    };

    /// <summary>The interfaces that a verb works on, which may be left out.</summary>
    public static Argument<string?> OptionalInterfaces() => new ListArgument<string?>(InterfaceName)
    {
        HelpName = InterfaceName,
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Network interface in this network namespace; several apart by commas, and patterns such as 'veth*'. Default: all of them.",
    };

    /// <summary>The interface that a verb works on, which may be left out.</summary>
    public static Argument<string?> OptionalInterface() => new(InterfaceName)
    {
        HelpName = InterfaceName,
        Arity = ArgumentArity.ZeroOrOne,
        Description = "Network interface in this network namespace. Default: all of them.",
    };

    private sealed class ListArgument<T>(string name) : Argument<T>(name), ITakesList;
}
