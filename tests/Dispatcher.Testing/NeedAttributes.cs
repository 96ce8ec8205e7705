using System.Reflection;
using System.Runtime.CompilerServices;
using Xunit.v3;

namespace Dispatcher.Testing;

/// <summary>A test that needs a kernel which accepts EXT programs; trait <c>Needs=Ext</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExtFactAttribute : FactAttribute, ITraitAttribute, IBeforeAfterTestAttribute
{
    /// <inheritdoc cref="ExtFactAttribute"/>
    public ExtFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        (Skip, SkipType, SkipUnless) = (Machine.ExtReason, typeof(Machine), nameof(Machine.RunsExt));

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "Ext")];

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test) => NeedBefore.Ext();

    /// <inheritdoc/>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}

/// <summary>A theory that needs a kernel which accepts EXT programs; trait <c>Needs=Ext</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ExtTheoryAttribute : TheoryAttribute, ITraitAttribute, IBeforeAfterTestAttribute
{
    /// <inheritdoc cref="ExtTheoryAttribute"/>
    public ExtTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        (Skip, SkipType, SkipUnless) = (Machine.ExtReason, typeof(Machine), nameof(Machine.RunsExt));

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "Ext")];

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test) => NeedBefore.Ext();

    /// <inheritdoc/>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}

/// <summary>A test on the host's kernel that needs root and BPF, but no EXT; trait <c>Needs=Root</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootFactAttribute : FactAttribute, ITraitAttribute, IBeforeAfterTestAttribute
{
    /// <inheritdoc cref="RootFactAttribute"/>
    public RootFactAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        (Skip, SkipType, SkipUnless) = (Machine.RootReason, typeof(Machine), nameof(Machine.RunsRoot));

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "Root")];

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test) => NeedBefore.Root();

    /// <inheritdoc/>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}

/// <summary>A theory on the host's kernel that needs root and BPF, but no EXT; trait <c>Needs=Root</c>.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RootTheoryAttribute : TheoryAttribute, ITraitAttribute, IBeforeAfterTestAttribute
{
    /// <inheritdoc cref="RootTheoryAttribute"/>
    public RootTheoryAttribute([CallerFilePath] string? sourceFilePath = null, [CallerLineNumber] int sourceLineNumber = -1)
        : base(sourceFilePath, sourceLineNumber) =>
        (Skip, SkipType, SkipUnless) = (Machine.RootReason, typeof(Machine), nameof(Machine.RunsRoot));

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [new("Needs", "Root")];

    /// <inheritdoc/>
    public void Before(MethodInfo methodUnderTest, IXunitTest test) => NeedBefore.Root();

    /// <inheritdoc/>
    public void After(MethodInfo methodUnderTest, IXunitTest test)
    {
    }
}

/// <summary>Fails a test that runs although its requirement is not met, with the reason instead of a riddle.</summary>
internal static class NeedBefore
{
    public static void Ext() => Need.Ext();

    public static void Root() => Need.That(Machine.HasBpf, "Root", Machine.RootReason);
}
