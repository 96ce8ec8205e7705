using System.Text.Json;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class StatusTests
{
    private static readonly RecordedHost Host = new() { Hooks = Samples.Hooks };

    [Fact]
    public async Task Piped_output_is_plain_columns() => Snapshot.Verify((await CliRun.Of(Host, "status")).Describe("status"));

    [Theory]
    [InlineData(120)]
    [InlineData(80)]
    [InlineData(60)]
    public async Task On_a_terminal_tables_fit_its_width(int width)
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, Width: width), Host, "status");
        Assert.DoesNotContain(run.Output.Split('\n'), line => line.Length > width && line.StartsWith('│'));
        Snapshot.Verify(run.Describe("status"), $"{width}");
    }

    [Fact]
    public async Task Of_another_network_namespace_it_says_what_the_advice_needs_there()
    {
        var far = Samples.Broken with { Broken = Samples.Broken.Broken! with { NetworkNamespace = "far" } };
        var run = await CliRun.Of(new RecordedHost { Hooks = [far] }, "status", "eth3", "--netns", "far");
        Assert.Contains("'xdp-dispatch clean eth3 --netns far --repair'", run.Output, StringComparison.Ordinal);
        Assert.Equal((3, ""), (run.ExitCode, run.Error));
        run = await CliRun.Of(new RecordedHost { Hooks = [Samples.HeldByLink] }, "status", Samples.HeldByLink.InterfaceName, "--netns", "far");
        Assert.Equal("hint: commands that do not name network namespace far are to be run in it\n", run.Error);
    }

    [Fact]
    public async Task An_interface_of_another_network_namespace_is_no_misspelling()
    {
        var missing = new NotFoundException("There is no interface 'eth9'.") { MissingInterface = "eth9", FoundInNamespace = "far" };
        var run = await CliRun.Of(new RecordedHost { Failure = missing }, "unload", "eth9", "-a");
        Assert.Equal((6, "xdp-dispatch: There is no interface 'eth9'.\nhint: add --netns far\n"), (run.ExitCode, run.Error));
    }

    [Fact]
    public void On_a_kernel_without_frags_no_program_alone_is_blamed()
    {
        var mixed = Samples.Hooks.Select(hook => hook.Chain).OfType<ChainStatus>().First(chain => chain.IsFragsDowngraded);
        Assert.EndsWith("; Linux before 5.18 may have none at all", StatusText.FragsRemark(mixed, new Version(5, 10, 223)), StringComparison.Ordinal);
        Assert.EndsWith(")", StatusText.FragsRemark(mixed, new Version(6, 1)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_there_is_of_a_list_is_shown_before_what_is_missing()
    {
        var run = await CliRun.Of(Host, "status", "nope,eth0");
        Assert.Equal((6, (await CliRun.Of(Host, "status", "eth0")).Output), (run.ExitCode, run.Output));
        Assert.Contains("nope", run.Error, StringComparison.Ordinal);
        run = await CliRun.Of(Host, "status", "nope,gone");
        Assert.Equal((6, ""), (run.ExitCode, run.Output));
        Assert.Equal(["nope", "gone"], run.Error.Split('\n').Where(line => line.StartsWith("xdp-dispatch:", StringComparison.Ordinal)).Select(line => line.Split('\'')[1]));
        run = await CliRun.Of(Host, "status", "nope,eth0,gone", "--json");
        Assert.Equal(6, run.ExitCode);
        using var document = JsonDocument.Parse(run.Output);
        var message = document.RootElement.GetProperty("error").GetProperty("message").GetString()!;
        Assert.Contains("'nope'", message, StringComparison.Ordinal);
        Assert.Contains("'gone'", message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Patterns_and_lists_choose_interfaces()
    {
        var run = await CliRun.Of(Host, "status", "lo,eth*");
        Assert.Equal((0, ""), (run.ExitCode, run.Error));
        Assert.Equal((await CliRun.Of(Host, "status", "eth0")).Output + "\n" + (await CliRun.Of(Host, "status", "eth1")).Output + "\nNo XDP program on: lo\n", run.Output);
    }

    [Theory]
    [InlineData("status", "veth*", "there are lo, eth0, eth1")]
    [InlineData("stats", "eth*", "this verb takes the name of one interface")]
    [InlineData("trace", "eth0,eth1", "this verb takes the name of one interface")]
    public async Task A_pattern_that_means_nothing_is_not_taken_for_a_slip(string verb, string typed, string hint)
    {
        var host = verb == "status" ? Host : new RecordedHost { Failure = new NotFoundException($"There is no interface '{typed}'.") { MissingInterface = typed } };
        var run = await CliRun.Of(host, verb, typed);
        Assert.Equal(6, run.ExitCode);
        Assert.Contains(hint, run.Error, StringComparison.Ordinal);
        Assert.DoesNotContain("did you mean", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_terminal_without_unicode_gets_ascii_borders()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true, HasUnicode: false), Host, "status", "eth0");
        Assert.DoesNotContain(run.Output, character => character > 127);
        Snapshot.Verify(run.Describe("status", "eth0"));
    }

    [Fact]
    public async Task Colour_is_there_only_when_the_screen_has_it()
    {
        var coloured = await CliRun.Of(new Screen(IsTerminal: true, HasColour: true), Host, "status");
        var plain = await CliRun.Of(new Screen(IsTerminal: true), Host, "status");
        Assert.Contains("\x1b[36m46", coloured.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("\x1b", plain.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Control_characters_in_names_never_reach_the_terminal()
    {
        var run = await CliRun.Of(new Screen(IsTerminal: true), Host, "status", "eth2");
        Assert.Contains(@"evil\x1b[31m", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_holds_a_hook_is_named_with_what_can_be_done()
    {
        var host = new RecordedHost { Hooks = [Samples.HeldByLink] };
        var text = await CliRun.Of(host, "status", "eth2");
        var json = await CliRun.Of(host, "status", "eth2", "--json");
        Assert.DoesNotContain('\x1b', text.Output);
        Snapshot.Verify(text.Describe("status", "eth2") + json.Describe("status", "eth2", "--json"));
    }

    [Fact]
    public async Task Names_are_not_markup()
    {
        var hook = Samples.Chain with { Chain = Samples.Chain.Chain! with { Programs = [Samples.Firewall with { Name = "[red]x[/]" }] } };
        var run = await CliRun.Of(new Screen(IsTerminal: true), new RecordedHost { Hooks = [hook] }, "status");
        Assert.Contains("[red]x[/]", run.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Json_has_the_documented_schema()
    {
        var run = await CliRun.Of(Host, "status", "--json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal(6, document.RootElement.GetArrayLength());
        Assert.Equal((3, ""), (run.ExitCode, run.Error));
        Snapshot.Verify(run.Output);
    }

    [Fact]
    public async Task Json_of_one_interface_is_an_array_of_one()
    {
        var run = await CliRun.Of(Host, "status", "eth1", "--json");
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("eth1", Assert.Single(document.RootElement.EnumerateArray()).GetProperty("ifname").GetString());
    }

    [Fact]
    public async Task Json_survives_any_name()
    {
        var name = "a\"\\\u0001\u2028\ud800<";
        var hook = Samples.Chain with { Chain = Samples.Chain.Chain! with { Programs = [Samples.Firewall with { Name = name }] } };
        var run = await CliRun.Of(new RecordedHost { Hooks = [hook] }, "status", "--json");
        using var document = JsonDocument.Parse(run.Output);
        var read = document.RootElement[0].GetProperty("programs")[0].GetProperty("name").GetString();
        Assert.Equal(name.Replace('\ud800', '\ufffd'), read);
    }

    [Fact]
    public async Task Ten_programs_with_every_action_fit_80_columns()
    {
        var all = ChainCallActions.Of([.. XdpActionNames.All]);
        var programs = Enumerable.Range(0, 10).Select(i => Samples.Firewall with { Slot = i, Priority = uint.MaxValue, Actions = all }).ToArray();
        var hook = Samples.Chain with { Chain = Samples.Chain.Chain! with { Programs = [.. programs] } };
        var run = await CliRun.Of(new Screen(IsTerminal: true), new RecordedHost { Hooks = [hook] }, "status");
        Assert.All(run.Output.Split('\n'), line => Assert.True(line.Length <= 80, line));
    }

    [Fact]
    public async Task A_machine_without_programs_says_so()
    {
        var run = await CliRun.Of(new RecordedHost { Hooks = [Samples.Empty("lo", 1)] }, "status");
        Assert.Equal("No XDP program on: lo\n", run.Output);
    }
}
