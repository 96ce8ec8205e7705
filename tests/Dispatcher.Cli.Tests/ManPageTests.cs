using System.Globalization;
using System.Text;
using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Help;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class ManPageTests
{
    private static readonly string[] Sections =
        ["NAME", "SYNOPSIS", "DESCRIPTION", "COMMANDS", "OPTIONS OF EVERY COMMAND", "EXIT STATUS", "ENVIRONMENT", "EXAMPLES", "SEE ALSO"];

    [Theory]
    [InlineData(60)]
    [InlineData(80)]
    [InlineData(200)]
    public async Task Man_shows_the_page_without_a_warning(int width)
    {
        using var page = await WrittenPage.Make();
        var shown = page.Show(width).OrFail();
        Assert.Equal("", shown.Error);
        Assert.StartsWith("XDP-DISPATCH(8)", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Groff_has_no_warning_of_any_category()
    {
        using var page = await WrittenPage.Make();
        Assert.Equal("", Tool.Run("groff", "-man", "-Tutf8", "-ww", "-z", page.Path).OrFail().Error);
    }

    [Fact]
    public async Task The_reader_finds_the_sections_of_a_manual_page_in_their_order()
    {
        using var page = await WrittenPage.Make();
        var headings = page.Show(80).OrFail().Output.Split('\n').Where(line => line.Length > 0 && char.IsUpper(line[0]) && !line.StartsWith("XDP-", StringComparison.Ordinal));
        Assert.Equal(Sections, headings.Where(line => !line.StartsWith("xdp", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task The_reader_finds_every_verb_with_its_options_as_they_are_typed()
    {
        using var page = await WrittenPage.Make();
        var text = page.Show(200).OrFail().Output;
        var definition = new CliDefinition();
        foreach (var verb in definition.Verbs)
        {
            var part = PartOf(text, verb.Name);
            Assert.Contains($"xdp-dispatch {verb.Name} {HelpText.ArgumentsOf(verb)}", part, StringComparison.Ordinal);
            foreach (var option in verb.Options)
                Assert.Contains($"\n       {HelpText.Label(option)}", part, StringComparison.Ordinal);
        }

        foreach (var option in definition.Root.Options)
            Assert.Contains($"\n       {HelpText.Label(option)}", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_reader_finds_every_example_exit_code_and_variable()
    {
        using var page = await WrittenPage.Make();
        var text = page.Show(200).OrFail().Output;
        foreach (var (commandLine, _) in new CliDefinition().Verbs.SelectMany(v => v.Examples))
            Assert.Contains($"\n           xdp-dispatch {commandLine}\n", text, StringComparison.Ordinal);
        foreach (var (code, _) in ExitCodes.Meanings)
            Assert.Contains(string.Create(CultureInfo.InvariantCulture, $"\n       {(int)code} "), text, StringComparison.Ordinal);
        foreach (var (name, _) in HelpText.Environment)
            Assert.Contains($"\n       {name}\n", text, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(".start of a line")]
    [InlineData("'quote at the start")]
    [InlineData(@"C:\new\fB and a \ at the end\")]
    [InlineData("--long-option \"x\" `y` ^z ~home")]
    [InlineData("a grüße b … 𝄞")]
    public void Any_text_comes_out_as_it_went_in(string text)
    {
        var roff = new RoffPage("X", 8, "x", "x");
        roff.Heading("NAME");
        roff.Text(text);
        using var page = new WrittenPage(roff.ToString());
        var shown = page.Show(80).OrFail();
        Assert.Contains($"\n       {text}\n", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_is_no_json() => Assert.Equal((int)ExitCode.Usage, (await CliRun.Of("completion", "man", "--json")).ExitCode);

    private static string PartOf(string text, string verb)
    {
        var start = text.IndexOf($"\n   {verb}\n", StringComparison.Ordinal);
        Assert.True(start >= 0, $"the page has no part '{verb}'");
        var end = text.IndexOf("\n   ", start + 4, StringComparison.Ordinal);
        while (end >= 0 && text[end + 4] == ' ')
            end = text.IndexOf("\n   ", end + 4, StringComparison.Ordinal);
        return end < 0 ? text[start..] : text[start..end];
    }

    /// <summary>A page in a file, for the programs that show it.</summary>
    private sealed class WrittenPage(string source) : IDisposable
    {
        private readonly TempFolder _folder = new();
        private string? _path;

        public string Path => _path ??= _folder.Write("xdp-dispatch.8", Encoding.UTF8.GetBytes(source));

        public static async Task<WrittenPage> Make()
        {
            var run = await CliRun.Of("completion", "man");
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            return new WrittenPage(run.Output);
        }

        public ToolResult Show(int width) => Tool.Run(new ToolRequest("man", "--warnings", "--local-file", Path)
        {
            Environment = new Dictionary<string, string?>
            {
                ["MANWIDTH"] = $"{width}",
                ["LC_ALL"] = "C.UTF-8",
                ["MANROFFOPT"] = null,
                ["MANPAGER"] = null,
                ["PAGER"] = "cat",
            },
        });

        public void Dispose() => _folder.Dispose();
    }
}
