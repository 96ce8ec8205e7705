namespace Dispatcher.Benchmarks.Measuring;

/// <summary>Whose figure it is.</summary>
internal enum Role
{
    /// <summary>This project.</summary>
    Ours,

    /// <summary>What one would use instead.</summary>
    Peer,

    /// <summary>What nobody can be better than, because the machine itself takes as long.</summary>
    Limit,
}

/// <summary>One of those that take turns.</summary>
/// <param name="Role">Whose figures these are.</param>
/// <param name="Name">For the head of a column, for example <c>libxdp 1.6.3</c>.</param>
/// <param name="Measure">Does it once and tells what came out, each figure with what it is a figure of.</param>
internal sealed record Contender(Role Role, string Name, Func<IEnumerable<Figure>> Measure)
{
    /// <summary>One that has a single figure.</summary>
    public Contender(Role role, string name, Subject subject, Func<double> measure)
        : this(role, name, () => [new Figure(subject, measure())])
    {
    }
}

/// <summary>What a figure is a figure of; figures of the same subject are compared.</summary>
/// <param name="What">For the table, without the number of components.</param>
/// <param name="Unit">For example <c>ns</c> or <c>bytes</c>. Less is better.</param>
/// <param name="Components">How many components the chain has, where that is what grows.</param>
internal sealed record Subject(string What, string Unit, int? Components = null);

/// <summary>One figure.</summary>
/// <param name="Subject">What it is a figure of.</param>
/// <param name="Value">In the unit of the subject.</param>
internal readonly record struct Figure(Subject Subject, double Value);
