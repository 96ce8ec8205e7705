using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>What becomes of a program that is to join a chain in which a component has its function name.</summary>
public enum PresentProgram
{
    /// <summary>It joins beside the one that is there.</summary>
    AttachAnother,

    /// <summary>It does not join: the one that is there stays as it is, with its maps and by its policy, whoever attached it.</summary>
    Keep,
}

/// <summary>How components are attached.</summary>
public sealed record AttachOptions
{
    /// <summary>Mode of a first attach; a chain that exists keeps its mode, and another one asked for is refused.</summary>
    public AttachMode Mode { get; init; }

    /// <summary>Protocol version of a fresh chain; null: 2, or 3 when that is needed. A chain that exists keeps its version.</summary>
    public DispatcherVersion? Protocol { get; init; }

    /// <summary>Folder on a BPF file system for maps that ask to be pinned by name, and for program arrays; null: no map is pinned, and a component that makes tail calls is refused.</summary>
    public string? MapPinFolder { get; init; }

    /// <summary>
    /// What becomes of programs whose function names are in the chain already; it is looked at under the lock, so of two processes that attach the same
    /// program at once one keeps that of the other. The programs of one request are not held against each other. Default: they join.
    /// </summary>
    public PresentProgram IfPresent { get; init; }
}

/// <summary>Which components of a chain are meant.</summary>
public sealed record ComponentSelection
{
    private ComponentSelection(ImmutableArray<ProgramId> ids, string? name)
    {
        Ids = ids;
        Name = name;
    }

    /// <summary>All of them.</summary>
    public static ComponentSelection All { get; } = new([], null);

    /// <summary>Program ids that must all be in the chain; empty when not chosen by id.</summary>
    public ImmutableArray<ProgramId> Ids { get; }

    /// <summary>Function name, or null when not chosen by name.</summary>
    public string? Name { get; }

    /// <summary>As part of a sentence: <c>'xdp_firewall'</c>, <c>with id 46</c>, <c>at all</c>.</summary>
    public override string ToString() => Name is { } name ? $"'{Printable.Escape(name)}'" : IsAll ? "at all" : $"with id {string.Join(", ", Ids)}";

    /// <summary>Whether every component is one of them.</summary>
    internal bool IsAll => Name is null && Ids.IsEmpty;

    /// <summary>Whether a component is one of them.</summary>
    internal bool Means(ComponentStatus program) => Name is { } name ? program.Name == name : IsAll || Ids.Contains(program.Id);

    /// <summary>The components with these program ids.</summary>
    /// <exception cref="ArgumentException">No id, or one twice.</exception>
    public static ComponentSelection ById(params ReadOnlySpan<ProgramId> ids)
    {
        if (ids.IsEmpty)
            throw new ArgumentException("Name at least one program id.", nameof(ids));
        var seen = new HashSet<ProgramId>();
        foreach (var id in ids)
        {
            if (!seen.Add(id))
                throw new ArgumentException($"Program id {id} is named twice; name it once.", nameof(ids));
        }

        return new ComponentSelection([.. ids], null);
    }

    /// <summary>Every component with this function name.</summary>
    public static ComponentSelection ByName(string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ComponentSelection([], name);
    }
}

/// <summary>What a change did.</summary>
/// <param name="Before">The hook as it was when the change was made.</param>
/// <param name="After">The hook as the change left it.</param>
/// <param name="Programs">The components added or removed, in the order of the request; none when a chain is converted, or was as asked already.</param>
/// <param name="Attempts">Attempts it took; 1 when nobody interfered.</param>
public sealed record ChangeResult(HookStatus Before, HookStatus After, ImmutableArray<ComponentStatus> Programs, int Attempts)
{
    /// <summary>Why each attempt before the last one was lost, in order; empty when nobody interfered.</summary>
    public ImmutableArray<string> LostRaces { get; init; } = [];

    /// <summary>Components that were there and stayed in place of programs of the request; see <see cref="AttachOptions.IfPresent"/>. Of several with one name, the first.</summary>
    public ImmutableArray<ComponentStatus> Kept { get; init; } = [];

    /// <summary>The component that a request for one program was about: it came, or was there and is kept.</summary>
    internal ComponentStatus Single => Kept.IsEmpty ? Programs[0] : Kept[0];

    /// <summary>What else the caller should know, in the order of the chain; mostly empty.</summary>
    public ImmutableArray<ChangeNote> Notes { get; init; } = [];

    /// <summary>One line: the hook as it is now, and the attempts if there were several.</summary>
    public override string ToString() => After + (Attempts == 1 ? "" : string.Create(CultureInfo.InvariantCulture, $", after {Attempts} attempts"));
}
