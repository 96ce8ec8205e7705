namespace Dispatcher.Compiler.Emit;

/// <summary>The values of one scope of a template; what it does not hold is looked up in the scope around it.</summary>
internal sealed class TemplateValues(TemplateValues? outer = null)
{
    private readonly Dictionary<string, string> _texts = [];
    private readonly Dictionary<string, IReadOnlyList<TemplateValues>> _sections = [];

    /// <summary>Gives a name its text.</summary>
    public TemplateValues Set(string name, string text)
    {
        _texts[name] = text;
        return this;
    }

    /// <summary>Gives a section its condition: rendered once in this scope, or not at all.</summary>
    public TemplateValues Set(string name, bool condition)
    {
        _sections[name] = condition ? [this] : [];
        return this;
    }

    /// <summary>Gives a section its items: rendered once for each.</summary>
    public TemplateValues Set(string name, IReadOnlyList<TemplateValues> items)
    {
        _sections[name] = items;
        return this;
    }

    /// <summary>The text of a name.</summary>
    /// <exception cref="FormatException">No scope holds it.</exception>
    public string Text(string name) =>
        _texts.TryGetValue(name, out var text) ? text : (Outer ?? throw Unknown(name)).Text(name);

    /// <summary>The scopes in which a section is rendered; a condition from outside is rendered in this scope.</summary>
    /// <exception cref="FormatException">No scope holds it.</exception>
    public IReadOnlyList<TemplateValues> Section(string name)
    {
        for (var scope = this; scope is not null; scope = scope.Outer)
        {
            if (scope._sections.TryGetValue(name, out var items))
                return items is [var only] && ReferenceEquals(only, scope) ? [this] : items;
        }

        throw Unknown(name);
    }

    private TemplateValues? Outer { get; } = outer;

    private static FormatException Unknown(string name) => new($"The template names {name}, which has no value.");
}
