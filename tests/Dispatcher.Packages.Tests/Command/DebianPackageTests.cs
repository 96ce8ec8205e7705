using System.IO.Compression;
using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests.Command;

public sealed class DebianPackageTests
{
    private const string CommandPath = "/usr/sbin/xdp-dispatch";
    private const string BashPath = "/usr/share/bash-completion/completions/xdp-dispatch";
    private const string DocPath = "/usr/share/doc/xdp-dispatch";

    private static readonly string[] Files =
    [
        CommandPath,
        BashPath,
        $"{DocPath}/changelog.Debian.gz", $"{DocPath}/changelog.gz", $"{DocPath}/copyright",
        "/usr/share/fish/vendor_completions.d/xdp-dispatch.fish",
        "/usr/share/man/man8/xdp-dispatch.8.gz",
        "/usr/share/xdp-dispatch/xdp_component.h",
        "/usr/share/zsh/vendor-completions/_xdp-dispatch",
    ];

    [Fact]
    public void Its_fields_say_what_the_command_needs()
    {
        Assert.Equal("xdp-dispatch", Field("Package"));
        Assert.Equal($"{CommandPackages.Version}-1", Field("Version"));
        Assert.Equal("amd64", Field("Architecture"));
        var needed = Field("Depends").Split(", ");
        Assert.Contains("libbpf1", needed);
        Assert.Contains(needed, package => package.StartsWith("libc6 (>= 2.", StringComparison.Ordinal));
    }

    [Fact]
    public void Installed_its_files_are_in_their_places_and_removed_nothing_is_left()
    {
        using var dpkg = Installed();
        Assert.Equal(Files, dpkg.Entries.Where(path => File.Exists(dpkg.FullPathOf(path))));
        Assert.Equal("install ok installed", StateIn(dpkg));
        Assert.Equal("", dpkg.Run("--verify", "xdp-dispatch").OrFail().Output);

        dpkg.Run("--remove", "xdp-dispatch").OrFail();
        Assert.Empty(dpkg.Entries);
        Assert.DoesNotContain("\nPackage: xdp-dispatch\n", "\n" + File.ReadAllText(dpkg.FullPathOf("var/lib/dpkg/status")), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_what_it_needs_it_is_not_configured_and_dpkg_says_why()
    {
        using var dpkg = new PrivateDpkg();
        var result = dpkg.Run("--install", CommandPackages.Debian);
        Assert.NotEqual(0, result.ExitCode);
        Assert.Contains("xdp-dispatch depends on libbpf1", result.Error, StringComparison.Ordinal);
        Assert.Contains("xdp-dispatch depends on libc6", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void The_installed_command_runs()
    {
        using var dpkg = Installed();
        Assert.Equal($"xdp-dispatch {CommandPackages.Version}\n", Tool.Run(dpkg.FullPathOf(CommandPath), "--version").OrFail().Output);
    }

    [Fact]
    public void Man_finds_its_page_and_shows_it_without_a_warning()
    {
        using var dpkg = Installed();
        var folder = dpkg.FullPathOf("usr/share/man");
        Assert.Equal(dpkg.FullPathOf("usr/share/man/man8/xdp-dispatch.8.gz"), Tool.Run("man", "-M", folder, "-w", "xdp-dispatch").OrFail().Output.Trim());
        var shown = Tool.Run(new ToolRequest("man", "-M", folder, "--warnings", "xdp-dispatch")
        {
            Environment = new Dictionary<string, string?> { ["LC_ALL"] = "C.UTF-8", ["PAGER"] = "cat", ["MANPAGER"] = null },
        }).OrFail();
        Assert.Equal("", shown.Error);
        Assert.Contains("EXIT STATUS", shown.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void Bash_loads_its_completion_and_completes()
    {
        using var dpkg = Installed();
        var path = dpkg.FullPathOf(BashPath);
        Tool.Run("bash", "-n", path).OrFail();
        var completed = Tool.Run(
            "bash", "--norc", "-c", $"source '{path}' && complete -p xdp-dispatch && COMP_WORDS=(xdp-dispatch rep) COMP_CWORD=1 && _xdp_dispatch && echo \"${{COMPREPLY[*]}}\"").OrFail();
        Assert.Equal("complete -F _xdp_dispatch xdp-dispatch\nreplace\n", completed.Output);
        Assert.Equal("", completed.Error);
    }

    [Theory]
    [InlineData("zsh", 7)]
    [InlineData("fish", 5)]
    public void Other_shells_read_theirs(string shell, int file)
    {
        using var dpkg = Installed();
        Tool.Run(shell, "-n", dpkg.FullPathOf(Files[file])).OrFail();
    }

    [Fact]
    public void Its_documents_are_what_Debian_asks_for()
    {
        using var dpkg = Installed();
        Assert.StartsWith($"xdp-dispatch ({CommandPackages.Version}-1) unstable; urgency=", Unzip(dpkg, $"{DocPath}/changelog.Debian.gz"), StringComparison.Ordinal);
        Assert.Equal(File.ReadAllText(Repository.PathOf("CHANGELOG.md")), Unzip(dpkg, $"{DocPath}/changelog.gz"));
        var copyright = File.ReadAllText(dpkg.FullPathOf($"{DocPath}/copyright"));
        var licence = File.ReadAllText(Repository.PathOf("LICENSE")).Split("\n\n")[2].ReplaceLineEndings(" ");
        Assert.Contains(licence, copyright.Replace("\n ", " ", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    private static PrivateDpkg Installed()
    {
        var package = CommandPackages.Debian;
        var dpkg = new PrivateDpkg([.. Field("Depends").Split(", ").Select(name => name.Split(' ')[0])]);
        dpkg.Run("--install", package).OrFail();
        return dpkg;
    }

    private static string StateIn(PrivateDpkg dpkg) =>
        Tool.Run("dpkg-query", $"--admindir={dpkg.FullPathOf("var/lib/dpkg")}", "-W", "-f", "${Status}", "xdp-dispatch").OrFail().Output;

    private static string Field(string name) => Tool.Run("dpkg-deb", "--field", CommandPackages.Debian, name).OrFail().Output.Trim();

    private static string Unzip(PrivateDpkg dpkg, string path)
    {
        using var stream = new GZipStream(File.OpenRead(dpkg.FullPathOf(path)), CompressionMode.Decompress);
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
