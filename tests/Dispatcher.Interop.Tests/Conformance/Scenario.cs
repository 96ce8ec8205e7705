using Dispatcher.Testing;
using System.Text.RegularExpressions;
using Dispatcher.Compiler.Model;
using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Runtime;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>One operation on a chain that ours made, carried out by any actor and judged by what is on the hook afterwards.</summary>
/// <param name="Name">Heading of its column.</param>
/// <param name="IsCore">Differs between releases; the others do not differ within one.</param>
/// <param name="Run">Sets the scene, lets the actor do it, and says what came of it.</param>
internal sealed partial record Scenario(string Name, bool IsCore, Func<Stage, IActor, DispatcherVersion, Task<string>> Run)
{
    /// <summary>The first version whose chains can say what this is about.</summary>
    public DispatcherVersion Since { get; init; } = DispatcherVersion.V1;

    /// <summary>What an operation that did what it should comes to.</summary>
    public const string Yes = "yes";

    /// <summary>A refusal in a few letters, when it left the hook as it was.</summary>
    /// <param name="answer">The refusal.</param>
    /// <param name="before">The hook before.</param>
    /// <param name="after">The hook after.</param>
    public static string Refusal(LineAnswer answer, IReadOnlyList<ListedProgram>? before, IReadOnlyList<ListedProgram>? after)
    {
        var errno = answer.Errno;
        if (errno == 0 && NegativeErrno().Match(answer.Text) is { Success: true } match)
            errno = int.Parse(match.Groups[1].ValueSpan, System.Globalization.CultureInfo.InvariantCulture);
        var word = errno == 0 ? "refused" : ErrnoText.Of(errno).Split(' ')[0];
        var isSame = before is null ? after is null : after is not null && before.SequenceEqual(after);
        return isSame ? word : word + ", chain changed";
    }

    // xdp-loader ends its complaints with "(-16)" or "err(22)".
    [GeneratedRegex(@"\(-?(\d+)\)")]
    private static partial Regex NegativeErrno();
}
