using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class CompletionTests
{
    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_parses_in_its_shell(string shell)
    {
        using var folder = new TempFolder();
        var path = folder.Write("script", System.Text.Encoding.UTF8.GetBytes(await ScriptFor(shell)));
        Tool.Run(shell, "-n", path).OrFail();
    }

    [Theory]
    [InlineData("bash")]
    [InlineData("zsh")]
    [InlineData("fish")]
    public async Task Script_knows_every_verb_and_long_option(string shell)
    {
        var script = await ScriptFor(shell);
        var definition = new CliDefinition();
        foreach (var verb in definition.Verbs)
        {
            Assert.Contains(verb.Name, script, StringComparison.Ordinal);
            foreach (var option in verb.Options)
                Assert.Contains(shell == "fish" ? $"-l {option.Name[2..]}" : option.Name, script, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("", "load unload replace set convert status stats trace explain watch clean emit inspect doctor completion help")]
    [InlineData("stat", "status stats")]
    [InlineData("status l", "lo")]
    [InlineData("status --graph l", "lo")]
    [InlineData("status --graph =", "text mermaid")]
    [InlineData("status --graph = m", "mermaid")]
    [InlineData("status --graph = mermaid l", "lo")]
    [InlineData("load lo x.o --mode = n", "native")]
    [InlineData("load lo -m = skb fire", "firewall.o")]
    [InlineData("load lo --m", "--mode")]
    [InlineData("load lo -m ", "unspecified native skb hw")]
    [InlineData("load lo x.o --mode n", "native")]
    [InlineData("load lo -A XDP_T", "XDP_TX")]
    [InlineData("load lo -A XDP_PASS,XDP_T", "XDP_PASS,XDP_TX")]
    [InlineData("load lo -A XDP_PASS,XDP_TX,XDP_P", "")]
    [InlineData("load lo,lo", "")]
    [InlineData("help lo", "load")]
    [InlineData("status --graph m", "mermaid")]
    [InlineData("status veth0,l", "veth0,lo")]
    [InlineData("trace lo,l", "")]
    [InlineData("trace lo --verdict XDP_D", "XDP_DROP")]
    [InlineData("trace lo --pcap fire", "firewall.o")]
    [InlineData("load lo fire", "firewall.o")]
    [InlineData("load lo -P 10 fire", "firewall.o")]
    [InlineData("load lo -p ma", "maps")]
    [InlineData("convert lo --protocol ", "1 2 3")]
    [InlineData("emit --format ", "elf btf asm c")]
    [InlineData("emit --generic --proto", "--protocol")]
    [InlineData("inspect fire", "firewall.o")]
    [InlineData("completion ", "bash zsh fish man")]
    [InlineData("doctor ", "")]
    [InlineData("--ver", "--verbose --version")]
    public async Task Bash_completes(string typed, string expected)
    {
        using var folder = new TempFolder();
        folder.Write("firewall.o", []);
        Directory.CreateDirectory(folder.PathOf("maps"));
        folder.Write("script", System.Text.Encoding.UTF8.GetBytes(await ScriptFor("bash")));
        var words = string.Join(' ', typed.Split(' ').Select(w => $"'{w}'"));
        var result = Tool.Run(new ToolRequest(
            "bash", "-c", $"source ./script; COMP_WORDS=(xdp-dispatch {words}); COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1)); _xdp_dispatch; echo \"${{COMPREPLY[*]}}\"")
        {
            WorkingDirectory = folder.FullPath,
        }).OrFail();
        Assert.Equal(expected, result.Output.Trim());
    }

    private static async Task<string> ScriptFor(string shell) => (await CliRun.Of("completion", shell)).Output;
}
