using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class CleanTests
{
    private static readonly CleanResult Result = new(
        [
            new SweptDirectory("/sys/fs/bpf/xdp/dispatch-2-45", 2, new ProgramId(45), SweepVerdict.Kept, "dispatcher 45 runs on eth0"),
            new SweptDirectory("/sys/fs/bpf/xdp/dispatch-2-77", 2, new ProgramId(77), SweepVerdict.Removed, "dispatcher 77 is gone"),
            new SweptDirectory("/sys/fs/bpf/xdp/dispatch-9-80", 9, new ProgramId(80), SweepVerdict.Kept, "process 1234 (xdp-\x1bloader) holds dispatcher 80"),
        ],
        [
            new ChainRepair("eth3", 6, new ProgramId(99), RepairVerdict.Repaired, [Samples.Ids with { Slot = 0 }],
                [new LostSlot(0, 10, ChainCallActions.Default) { IsAlive = false }], "the component of slot 0 is dead, and the chain goes on without it; load it again"),
        ]);

    private static CleanResult Untouched => new(
        [Result.Directories[1] with { Verdict = SweepVerdict.WouldRemove }],
        [Result.Chains[0] with { Verdict = RepairVerdict.Broken, Reason = "a repair was not asked for" }]);

    [Fact]
    public async Task It_says_what_went_what_stayed_and_why()
    {
        var text = "";
        foreach (var (result, args) in (IEnumerable<(CleanResult, string[])>)[
            (Result, ["clean", "--repair"]), (Untouched, ["clean", "--dry-run"]), (new CleanResult([], []), ["clean"]), (new CleanResult([], []), ["clean", "eth0"])])
            text += (await CliRun.Of(new RecordedHost { Cleaned = result }, args)).Describe(args) + "\n";
        Snapshot.Verify(text);
    }

    [Theory]
    [InlineData(RepairVerdict.Emptied, "emptied eth3")]
    [InlineData(RepairVerdict.WouldEmpty, "would empty eth3")]
    [InlineData(RepairVerdict.WouldRepair, "would repair eth3")]
    [InlineData(RepairVerdict.Refused, "BROKEN eth3")]
    public async Task What_cannot_or_need_not_be_repaired_has_no_hint(RepairVerdict verdict, string expected)
    {
        var run = await CliRun.Of(new RecordedHost { Cleaned = new CleanResult([], [Result.Chains[0] with { Verdict = verdict }]) }, "clean");
        Assert.StartsWith(expected, run.Output, StringComparison.Ordinal);
        Assert.Equal("", run.Error);
    }

    [Fact]
    public async Task Json_lists_directories_and_chains() =>
        Snapshot.Verify((await CliRun.Of(new RecordedHost { Cleaned = Result }, "clean", "--json")).Output);

    [Fact]
    public async Task Options_are_passed_on()
    {
        var host = new RecordedHost { Cleaned = Result };
        await CliRun.Of(host, "clean", "eth0", "--repair", "--dry-run");
        Assert.Equal(new CleanOptions { InterfaceName = "eth0", Repair = true, DryRun = true }, host.CleanOptions);
        await CliRun.Of(host, "clean");
        Assert.Equal(new CleanOptions(), host.CleanOptions);
    }
}
