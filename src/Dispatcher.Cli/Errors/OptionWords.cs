using System.Collections.Immutable;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Errors;

/// <summary>What the library tells in the words of its API, in the words of the command line.</summary>
internal static class OptionWords
{
    // The longer ones first, where one begins with another.
    private static readonly ImmutableArray<(string Member, string Option)> Words =
    [
        ($"{nameof(AttachOptions)}.{nameof(AttachOptions.MapPinFolder)}", "--pin-path"),
        ($"{nameof(ComponentProgram)}.{nameof(ComponentProgram.Priority)}", "--prio"),
        ($"functionName of {nameof(ComponentProgram.FromElfFile)}", "--prog-name"),
        ($"{nameof(PresentProgram)}.{nameof(PresentProgram.Keep)}", "--if-absent"),
        ($"{nameof(ReplaceOptions)}.{nameof(ReplaceOptions.MapsByName)}:", "--maps"),
        ($"{nameof(ReplaceOptions)}.{nameof(ReplaceOptions.Priority)}", "--prio"),
        ($"{nameof(ReplaceOptions)}.{nameof(ReplaceOptions.Actions)}", "--actions"),
        ($" {nameof(XdpDispatcher.FindInterfacesAsync)} finds those that a pattern means.", ""),
        ($" or {nameof(XdpDispatcherOptions)}.{nameof(XdpDispatcherOptions.BpfFsPath)}", ""),
        ($"{nameof(XdpDispatcherOptions)}.{nameof(XdpDispatcherOptions.NetworkNamespace)}", "--netns"),
    ];

    /// <summary>The options that are named.</summary>
    public static IEnumerable<string> Options => Words.Select(word => word.Option).Where(option => option.Length > 0);

    /// <summary>A message of the library as this tool says it.</summary>
    public static string Of(string message) => Words.Aggregate(message, (text, word) => text.Replace(word.Member, word.Option, StringComparison.Ordinal));
}
