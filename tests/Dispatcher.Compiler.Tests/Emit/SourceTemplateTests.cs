using Dispatcher.Compiler.Emit;

namespace Dispatcher.Compiler.Tests.Emit;

public sealed class SourceTemplateTests
{
    [Fact]
    public void Renders_values_conditions_and_lists_and_looks_outwards_for_names()
    {
        var template = SourceTemplate.Parse("a {{x}}{{y}}\r\n{{#yes}}\nyes {{x}}\n{{/yes}}\n{{#no}}\nno\n{{/no}}\n{{#items}}\n{{#yes}}\n{{x}} of {{y}}\n{{/yes}}\n{{/items}}\nend\n\n");
        var values = new TemplateValues().Set("x", "1").Set("y", "2").Set("yes", true).Set("no", false);
        values.Set("items", [new TemplateValues(values).Set("x", "3"), new TemplateValues(values)]);

        Assert.Equal("a 12\nyes 1\n3 of 2\n1 of 2\nend\n", template.Render(values));
    }

    [Theory]
    [InlineData("{{x")]
    [InlineData("{{#a}}")]
    [InlineData("{{/a}}")]
    [InlineData("{{#a}}\n{{/b}}")]
    public void Refuses_a_template_that_is_not_whole(string text) => Assert.Throws<FormatException>(() => SourceTemplate.Parse(text));

    [Theory]
    [InlineData("{{x}}")]
    [InlineData("{{#x}}\n{{/x}}")]
    public void Refuses_a_name_without_a_value(string text) =>
        Assert.Throws<FormatException>(() => SourceTemplate.Parse(text).Render(new TemplateValues()));
}
