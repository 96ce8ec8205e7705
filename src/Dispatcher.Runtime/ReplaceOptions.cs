using System.Collections.Immutable;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>Where a map of a replacement comes from.</summary>
public enum MapHandling
{
    /// <summary>The map of the same name in the component that is replaced, with its contents; a new one when there is none.</summary>
    Reuse,

    /// <summary>A new map.</summary>
    Fresh,
}

/// <summary>How a component is exchanged for another version of it.</summary>
public sealed record ReplaceOptions
{
    /// <summary>Run priority; null: that of the component that is replaced.</summary>
    public uint? Priority { get; init; }

    /// <summary>Verdicts after which the next slot runs; null: those of the component that is replaced.</summary>
    public ChainCallActions? Actions { get; init; }

    /// <summary>What happens to named maps that <see cref="MapsByName"/> does not name. Global variables always begin anew.</summary>
    public MapHandling Maps { get; init; }

    /// <summary>What happens to single maps, by their whole name in the object.</summary>
    public ImmutableDictionary<string, MapHandling> MapsByName { get; init; } = ImmutableDictionary<string, MapHandling>.Empty;

    /// <summary>See <see cref="AttachOptions.MapPinFolder"/>; of no meaning for maps that are taken over.</summary>
    public string? MapPinFolder { get; init; }
}

/// <summary>Another policy for components that run; null keeps what is there.</summary>
/// <param name="Priority">Run priority; lower runs earlier.</param>
/// <param name="Actions">Verdicts after which the next slot runs.</param>
public sealed record PolicyChange(uint? Priority = null, ChainCallActions? Actions = null);
