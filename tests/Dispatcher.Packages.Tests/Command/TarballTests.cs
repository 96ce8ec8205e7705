using System.Text.Json;
using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Command;

public sealed class TarballTests
{
    private static readonly string[] Files =
    [
        "sbin/xdp-dispatch",
        "share/bash-completion/completions/xdp-dispatch",
        "share/doc/xdp-dispatch/LICENSE", "share/doc/xdp-dispatch/README.md", "share/doc/xdp-dispatch/copyright",
        "share/fish/vendor_completions.d/xdp-dispatch.fish",
        "share/man/man8/xdp-dispatch.8",
        "share/xdp-dispatch/xdp_component.h",
        "share/zsh/site-functions/_xdp-dispatch",
    ];

    [Fact]
    public void It_holds_the_command_its_page_completions_licence_and_readme_and_no_folder_of_others()
    {
        var tarball = CommandPackages.Tarball;
        var top = Path.GetFileName(tarball)[..^".tar.gz".Length];
        var listed = Tool.Run("tar", "--numeric-owner", "-tvf", tarball).OrFail().Output.TrimEnd('\n').Split('\n');
        Assert.Equal(Files.Select(file => $"{top}/{file}").Order(StringComparer.Ordinal), listed.Select(line => line.Split(' ')[^1]));
        Assert.All(listed, line => Assert.Contains(" 0/0 ", line, StringComparison.Ordinal));
        Assert.All(listed, line => Assert.StartsWith(line.EndsWith("/sbin/xdp-dispatch", StringComparison.Ordinal) ? "-rwxr-xr-x " : "-rw-r--r-- ", line, StringComparison.Ordinal));
    }

    [Fact]
    public void The_command_runs_where_there_is_no_dotnet_and_nothing_else()
    {
        using var root = new BareRoot(CommandPackages.Tarball, hasLibbpf: true);
        Assert.DoesNotContain(root.Files, file => file.EndsWith(".dll", StringComparison.Ordinal) || file.Contains("dotnet", StringComparison.OrdinalIgnoreCase));
        Assert.Equal($"xdp-dispatch {CommandPackages.Version}\n", root.Run("--version").OrFail().Output);

        root.Run("emit", "--slot", "prio=10", "--slot", "prio=20", "-o", "/dispatcher.o").OrFail();
        Assert.Contains("Linux BPF", Tool.Run("readelf", "-h", root.FullPathOf("dispatcher.o")).OrFail().Output, StringComparison.Ordinal);
        Assert.Contains("xdp_dispatcher", root.Run("inspect", "/dispatcher.o").OrFail().Output, StringComparison.Ordinal);
        Assert.Equal(6, root.Run("status", "no-such-nic").ExitCode);
    }

    [Theory]
    [InlineData(true, "ok")]
    [InlineData(false, "failed")]
    public void Libbpf_is_all_that_it_looks_for_at_run_time_and_its_absence_is_told(bool hasLibbpf, string verdict)
    {
        using var root = new BareRoot(CommandPackages.Tarball, hasLibbpf);
        using var answer = JsonDocument.Parse(root.Run("doctor", "--json").Output);
        var finding = answer.RootElement.GetProperty("checks").EnumerateArray().Single(check => check.GetProperty("check").GetString() == "libbpf");
        Assert.Equal(verdict, finding.GetProperty("verdict").GetString());
    }

    [Fact]
    public void Page_and_completions_are_those_that_the_command_in_it_prints()
    {
        using var root = new BareRoot(CommandPackages.Tarball, hasLibbpf: false);
        foreach (var (kind, file) in new[] { ("bash", Files[1]), ("fish", Files[5]), ("man", Files[6]), ("zsh", Files[8]) })
            Assert.Equal(root.Run("completion", kind).OrFail().Output, File.ReadAllText(root.FullPathOf($"usr/local/{file}")));
    }

    [Fact]
    public void Its_readme_names_every_file_to_remove_and_the_version()
    {
        using var root = new BareRoot(CommandPackages.Tarball, hasLibbpf: false);
        var page = File.ReadAllText(root.FullPathOf("usr/local/share/doc/xdp-dispatch/README.md"));
        Assert.Contains($"xdp-dispatch-{CommandPackages.Version}-linux-x64.tar.gz", page, StringComparison.Ordinal);
        Assert.DoesNotContain("@", page, StringComparison.Ordinal);
        var removal = page.Split('`').Single(text => text.Contains("&& rm ", StringComparison.Ordinal)).Replace("/usr/local", root.FullPathOf("usr/local"), StringComparison.Ordinal);
        Tool.Run("bash", "-c", removal).OrFail();
        Assert.DoesNotContain(root.Files, file => file.StartsWith("/usr/local/", StringComparison.Ordinal));
    }
}
