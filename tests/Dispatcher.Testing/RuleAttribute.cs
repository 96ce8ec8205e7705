using Xunit.v3;

namespace Dispatcher.Testing;

/// <summary>The test fails when a rule of docs/protocol.md is broken; trait <c>Rule=P-017</c>.</summary>
/// <param name="ids">Ids as they stand in the document.</param>
/// <remarks>Dispatcher.Tidy checks that every rule has a test and that every id stands in the document; <c>eng/rules</c> lists both.</remarks>
[AttributeUsage(AttributeTargets.Method, AllowMultiple = true)]
public sealed class RuleAttribute(params string[] ids) : Attribute, ITraitAttribute
{
    /// <summary>The rules.</summary>
    public IReadOnlyList<string> Ids => ids;

    /// <inheritdoc/>
    public IReadOnlyCollection<KeyValuePair<string, string>> GetTraits() => [.. ids.Select(id => new KeyValuePair<string, string>("Rule", id))];
}
