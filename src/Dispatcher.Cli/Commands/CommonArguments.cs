using System.CommandLine;

namespace Dispatcher.Cli.Commands;

/// <summary>Arguments that several verbs take. Completion knows what to offer from their help names.</summary>
internal static class CommonArguments
{
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
        CustomParser = ValueParser.One("--pcap", "a file name", (string text, out string? path) =>
        {
            path = text;
            return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal);
        }),
    };

    /// <summary>The interface that a verb works on.</summary>
    public static Argument<string> Interface() => new(InterfaceName)
    {
        HelpName = InterfaceName,
        Description = "Network interface in this network namespace.",
    };
}
