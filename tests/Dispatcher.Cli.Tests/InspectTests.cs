using System.Text;
using System.Text.Json;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class InspectTests
{
    private static readonly byte[] BtfMagic = [0x9f, 0xeb];

    public static TheoryData<string> Components => [.. Directory.EnumerateFiles(Repository.PathOf("bpf"), "*.bpf.c").Select(p => Path.GetFileName(p)).Order()];

    [Theory]
    [MemberData(nameof(Components))]
    public async Task Reads_what_clang_makes_of_our_components(string source)
    {
        using var folder = new TempFolder();
        foreach (var target in new[] { "bpfel", "bpfeb" })
        {
            var path = folder.Write("x.o", Clang.Compile("bpf/" + source, "-mcpu=v2", "-target", target));
            var run = await CliRun.Of("inspect", path);
            Assert.Equal((0, ""), (run.ExitCode, run.Error));
            Assert.Contains($"{(target == "bpfel" ? "little" : "big")} endian, BPF", run.Output, StringComparison.Ordinal);
            Assert.Equal(run.Output, (await CliRun.Of("inspect", path)).Output);
        }
    }

    [Fact]
    public async Task Tells_program_priority_and_actions_as_the_source_says_them()
    {
        using var folder = new TempFolder();
        var run = await CliRun.Of("inspect", folder.Write("x.o", ComponentObject.Read("firewall")));
        Assert.Matches(@"(?m)^xdp_firewall: section xdp, \d+ instructions, priority 10, goes on after XDP_PASS$", run.Output);
        Assert.Contains("map[blocked_ports]", run.Output, StringComparison.Ordinal);
        var json = await CliRun.Of("inspect", "--json", folder.PathOf("x.o"));
        using var document = JsonDocument.Parse(json.Output);
        var program = Assert.Single(document.RootElement.GetProperty("programs").EnumerateArray());
        Assert.Equal((10, true), (program.GetProperty("priority").GetInt32(), program.GetProperty("runConfig").GetBoolean()));
    }

    [Fact]
    public async Task The_text_does_not_depend_on_where_the_object_lies()
    {
        using var folder = new TempFolder();
        var bytes = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [Slot.Default])).WriteElf();
        var (one, other) = (await CliRun.Of("inspect", folder.Write("a.o", bytes)), await CliRun.Of("inspect", folder.Write("b", bytes)));
        Assert.Equal(one.Output, other.Output);
    }

    [Fact]
    public async Task Each_file_that_is_no_object_has_its_own_message()
    {
        using var folder = new TempFolder();
        var good = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [Slot.Default])).WriteElf();
        byte[] otherMachine = [.. good];
        otherMachine[18] = 62;
        byte[] otherBtf = [.. good];
        otherBtf[otherBtf.AsSpan().IndexOf(BtfMagic)] = 0;
        folder.Write("empty.o", []);
        folder.Write("text.o", "int main(void);\n"u8);
        folder.Write("short.o", good.AsSpan(0, 12));
        folder.Write("truncated.o", good.AsSpan(0, good.Length / 2));
        folder.Write("x86.o", otherMachine);
        folder.Write("badbtf.o", otherBtf);
        Directory.CreateDirectory(folder.PathOf("folder.o"));
        var text = new StringBuilder();
        foreach (var name in new[] { "empty.o", "text.o", "short.o", "truncated.o", "x86.o", "badbtf.o", "folder.o", "missing.o" })
        {
            var run = await CliRun.Of("inspect", folder.PathOf(name));
            text.Append(run.Describe("inspect", name).Replace(folder.FullPath + "/", "", StringComparison.Ordinal));
        }

        Snapshot.Verify(text.ToString());
    }

    [Fact]
    public async Task A_file_that_never_ends_is_given_up()
    {
        var run = await CliRun.Of("inspect", "/dev/zero");
        Assert.Equal(1, run.ExitCode);
        Assert.Contains("larger than 64 MiB", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_loaded_dispatcher_shows_policy_and_types()
    {
        var dispatcher = DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V2, [Slot.Default, new Slot(7, ChainCallActions.Of())]));
        var program = new ProgramInspection(
            new ProgramId(45), "xdp", "xdp_dispatcher", new ProgramTag(0xd51e469e988d81da), 42, dispatcher.Btf.Encode(), 2, dispatcher.Spec.ToConfig());
        var host = new RecordedHost { Program = program, Hooks = [Samples.Chain] };
        Snapshot.Verify((await CliRun.Of(host, "inspect", "eth0")).Describe("inspect", "eth0"));
        Assert.Contains("\n== types ==\n", (await CliRun.Of(host, "inspect", "eth0", "-v")).Output, StringComparison.Ordinal);
        Assert.Contains("id 45, type xdp", (await CliRun.Of(host, "inspect", "45")).Output, StringComparison.Ordinal);
        using var json = JsonDocument.Parse((await CliRun.Of(host, "inspect", "eth0", "--json")).Output);
        Assert.Equal(2, json.RootElement.GetProperty("program").GetProperty("dispatcher").GetProperty("slots").GetArrayLength());
    }

    [Fact]
    public async Task A_program_of_an_unknown_version_still_shows_its_version()
    {
        var program = new ProgramInspection(new ProgramId(9), "xdp", "x\n", new ProgramTag(1), 2, ReadOnlyMemory<byte>.Empty, 9, null);
        var run = await CliRun.Of(new RecordedHost { Program = program }, "inspect", "9");
        Assert.Equal("== program ==\nid 9, type xdp, name x\\x0a, tag 0000000000000001, 2 instructions\n\n== dispatcher ==\n"
            + "protocol version 9, no config that can be read\n\n== types ==\nnone\n", run.Output);
    }
}
