using System.Diagnostics;
using System.Globalization;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>An actor in a process of its own that speaks the line protocol.</summary>
internal abstract class LineActor(string name, ToolRequest program) : LineProcess(name, program), IActor
{
    /// <summary>A moment of the clock that all processes share, for <c>at</c>.</summary>
    /// <param name="later">From now.</param>
    public static long MomentIn(TimeSpan later) => Stopwatch.GetTimestamp() + (long)(later.TotalSeconds * Stopwatch.Frequency);

    /// <inheritdoc/>
    public LineAnswer Attach(string interfaceName, AttachWish wish) => Ask(AttachCommand(interfaceName, wish));

    /// <inheritdoc/>
    public LineAnswer Detach(string interfaceName, params uint[] ids) => Ask(DetachCommand(interfaceName, ids));

    /// <inheritdoc/>
    public LineAnswer List(string interfaceName) => Ask($"list {interfaceName}");

    /// <summary>The command that attaches.</summary>
    public static string AttachCommand(string interfaceName, AttachWish wish)
    {
        var priority = wish.Priority?.ToString(CultureInfo.InvariantCulture) ?? "-";
        var objects = wish.Components.Select(name => name.StartsWith('/') ? name : ComponentObject.PathOf(name));
        return $"attach {interfaceName} {wish.Mode} {priority} {string.Join(' ', objects)}";
    }

    /// <summary>The command that detaches; no id: all.</summary>
    public static string DetachCommand(string interfaceName, params uint[] ids) =>
        $"detach {interfaceName} {(ids.Length == 0 ? "all" : string.Join(' ', ids))}";
}
