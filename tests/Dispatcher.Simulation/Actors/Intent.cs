using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Simulation.Actors;

/// <summary>Something that a process asks of the library, and what it makes of a chain.</summary>
/// <param name="Interface">Name of the interface.</param>
internal abstract record Intent(string Interface)
{
    /// <summary>As the library is asked for it; null: it is no change.</summary>
    public abstract ChangeRequest? Request { get; }

    /// <summary>Asks for it.</summary>
    public virtual object Ask(XdpDispatcher dispatcher) => dispatcher.Apply(Interface, Request!, CancellationToken.None);

    /// <summary>Whether a chain after is what this makes of the chain before.</summary>
    public abstract bool Explains(HookContent before, HookContent after);

    /// <summary>Whether it wants a component of this name gone.</summary>
    public virtual bool Removes(string name) => false;

    /// <summary>Whether it is about a component of this name: without one there is nothing to do.</summary>
    public virtual bool Concerns(string name) => Removes(name);

    /// <summary>Names it adds.</summary>
    public virtual ImmutableArray<string> Adds => [];
}

/// <summary>Adds a component.</summary>
internal sealed record AttachIntent(string Interface, string Component, uint Priority, DispatcherVersion? Version = null) : Intent(Interface)
{
    /// <inheritdoc/>
    public override ImmutableArray<string> Adds => [Component];

    /// <inheritdoc/>
    public override ChangeRequest Request => new AttachRequest([Components.Make(Component, Priority)], new AttachOptions { Protocol = Version });

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after)
    {
        ImmutableArray<HookItem> added = [.. after.Items.Where(item => before.Items.All(old => old.Id != item.Id))];
        return added.Length == 1 && added[0].Name == Component && added[0].Priority == Priority
            && after.Items.Remove(added[0]).SequenceEqual(before.Items) && after.IsInOrder
            && (before.IsEmpty || after.Version == before.Version) && (before.IsEmpty || before.IsChain);
    }

    /// <inheritdoc/>
    public override string ToString() => $"attach {Component} ({Priority}) to {Interface}";
}

/// <summary>Adds a component unless one of its name is in the chain.</summary>
internal sealed record AttachAbsentIntent(string Interface, string Component, uint Priority) : Intent(Interface)
{
    /// <inheritdoc/>
    public override ImmutableArray<string> Adds => [Component];

    /// <inheritdoc/>
    public override bool Concerns(string name) => Component == name;

    /// <inheritdoc/>
    public override ChangeRequest Request => new AttachRequest([Components.Make(Component, Priority)], new AttachOptions { IfPresent = PresentProgram.Keep });

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) =>
        before.Items.All(item => item.Name != Component) && new AttachIntent(Interface, Component, Priority).Explains(before, after);

    /// <inheritdoc/>
    public override string ToString() => $"attach {Component} ({Priority}) to {Interface} if it is absent";
}

/// <summary>Takes components away; null: all.</summary>
internal sealed record DetachIntent(string Interface, string? Component) : Intent(Interface)
{
    /// <inheritdoc/>
    public override bool Removes(string name) => Component is null || Component == name;

    /// <inheritdoc/>
    public override ChangeRequest Request => new DetachRequest(Component is null ? ComponentSelection.All : ComponentSelection.ByName(Component));

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) =>
        before.IsChain && before.Items.Any(item => Removes(item.Name))
        && before.Items.Where(item => !Removes(item.Name)).SequenceEqual(after.Items)
        && (after.IsEmpty || after.Version == before.Version);

    /// <inheritdoc/>
    public override string ToString() => $"detach {Component ?? "all"} from {Interface}";
}

/// <summary>Writes the chain in another version.</summary>
internal sealed record ConvertIntent(string Interface, DispatcherVersion Version) : Intent(Interface)
{
    /// <inheritdoc/>
    public override bool Concerns(string name) => true;

    /// <inheritdoc/>
    public override ChangeRequest Request => new ConvertRequest(Version);

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) =>
        before.IsChain && before.Items.SequenceEqual(after.Items) && after.Version == Version && before.Version != Version;

    /// <inheritdoc/>
    public override string ToString() => $"convert {Interface} to {(int)Version}";
}

/// <summary>Exchanges the one component of a name for a new version of it.</summary>
internal sealed record ReplaceIntent(string Interface, string Component) : Intent(Interface)
{
    /// <inheritdoc/>
    public override bool Concerns(string name) => Component == name;

    /// <inheritdoc/>
    public override ChangeRequest Request => new ReplaceRequest(ComponentSelection.ByName(Component), Components.Make(Component, 0));

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after)
    {
        ImmutableArray<HookItem> came = [.. after.Items.Where(item => before.Items.All(old => old.Id != item.Id))];
        ImmutableArray<HookItem> went = [.. before.Items.Where(item => after.Items.All(now => now.Id != item.Id))];
        return came.Length == 1 && went.Length == 1 && went[0].Name == Component && came[0] == went[0] with { Id = came[0].Id }
            && after.Items.Remove(came[0]).SequenceEqual(before.Items.Remove(went[0])) && before.IsChain && after.Version == before.Version;
    }

    /// <inheritdoc/>
    public override string ToString() => $"replace {Component} on {Interface}";
}

/// <summary>Gives the components of a name another priority.</summary>
internal sealed record SetIntent(string Interface, string Component, uint Priority) : Intent(Interface)
{
    /// <inheritdoc/>
    public override bool Concerns(string name) => Component == name;

    /// <inheritdoc/>
    public override ChangeRequest Request => new SetPolicyRequest(ComponentSelection.ByName(Component), new PolicyChange(Priority));

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) =>
        before.IsChain && after.Version == before.Version && !before.Items.SequenceEqual(after.Items)
        && ById(before).Select(item => Concerns(item.Name) ? item with { Priority = Priority } : item).SequenceEqual(ById(after));

    /// <inheritdoc/>
    public override string ToString() => $"set {Component} to {Priority} on {Interface}";

    private static IEnumerable<HookItem> ById(HookContent content) => content.Items.OrderBy(item => item.Id);
}

/// <summary>Cleans up and repairs.</summary>
internal sealed record CleanIntent(string Interface) : Intent(Interface)
{
    /// <inheritdoc/>
    public override ChangeRequest? Request => null;

    /// <inheritdoc/>
    public override object Ask(XdpDispatcher dispatcher) => dispatcher.Clean(new CleanOptions { Repair = true }, CancellationToken.None);

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) =>
        before.Bypassed > 0 && after.Items.All(item => before.Items.Contains(item));

    /// <inheritdoc/>
    public override string ToString() => "clean";
}

/// <summary>One change on several interfaces; each is a deed of its own.</summary>
/// <param name="Each">The change of each interface; the same but for the interface.</param>
/// <param name="IsAllOrNone">Whether what was changed is put back when one fails.</param>
internal sealed record BatchIntent(ImmutableArray<Intent> Each, bool IsAllOrNone) : Intent(Each[0].Interface)
{
    /// <summary>A change on the first interfaces of the machine.</summary>
    public static BatchIntent On(int interfaces, Intent each, bool isAllOrNone) =>
        new([.. Enumerable.Range(0, interfaces).Select(number => each with { Interface = $"eth{number}" })], isAllOrNone);

    /// <inheritdoc/>
    public override ChangeRequest? Request => Each[0].Request;

    /// <inheritdoc/>
    public override object Ask(XdpDispatcher dispatcher) => dispatcher.ApplyToAll(
        [.. Each.Select(intent => intent.Interface)], Request!,
        new BatchOptions { OnFailure = IsAllOrNone ? BatchFailurePolicy.Undo : BatchFailurePolicy.KeepGoing }, CancellationToken.None);

    /// <inheritdoc/>
    public override ImmutableArray<string> Adds => Each[0].Adds;

    /// <inheritdoc/>
    public override bool Removes(string name) => Each[0].Removes(name);

    /// <inheritdoc/>
    public override bool Explains(HookContent before, HookContent after) => Each[0].Explains(before, after);

    /// <inheritdoc/>
    public bool Equals(BatchIntent? other) => other is not null && IsAllOrNone == other.IsAllOrNone && Each.SequenceEqual(other.Each);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Each.Length, Each[0], IsAllOrNone);

    /// <inheritdoc/>
    public override string ToString() => $"{Each[0]} and {Each.Length - 1} more{(IsAllOrNone ? ", all or none" : "")}";
}
