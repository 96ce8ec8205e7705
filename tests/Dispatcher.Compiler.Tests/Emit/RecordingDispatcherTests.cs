using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Tests.Emit;

/// <summary>The shape of it; what it decides is compared with real chains in Dispatcher.Kernel.Tests.</summary>
public sealed class RecordingDispatcherTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(10)]
    public void It_has_an_entry_and_a_stub_for_each_slot_and_one_map(int slots)
    {
        var recorder = RecordingDispatcher.Generate([.. Enumerable.Repeat(Slot.Default, slots)]);

        string[] names = [RecordingDispatcher.Entry, .. Enumerable.Range(0, slots).Select(DispatcherNames.Stub)];
        Assert.Equal(names, recorder.Program.Functions.Select(function => function.Name));
        Assert.Equal(names, recorder.FuncInfo.Select(info => recorder.Btf.Get<BtfFunc>(info.Function)!.Name));
        Assert.Equal(names[1..], recorder.StubTypes.Select(type => recorder.Btf.Get<BtfFunc>(type)!.Name));
        Assert.Equal(RecordingDispatcher.Map, Assert.Single(recorder.Program.Maps).Map);
        Assert.Equal(slots, recorder.Program.Calls.Length);
    }

    [Fact]
    public void Nobody_takes_it_for_a_dispatcher() =>
        Assert.Null(DispatcherMarker.ReadVersion(RecordingDispatcher.Generate([Slot.Default]).Btf));

    [Fact]
    public void There_is_none_without_slots_or_with_eleven()
    {
        Assert.Throws<ArgumentException>(() => RecordingDispatcher.Generate([]));
        Assert.Throws<ArgumentException>(() => RecordingDispatcher.Generate([.. Enumerable.Repeat(Slot.Default, 11)]));
    }

    [Theory]
    [InlineData(0ul, null)]
    [InlineData(1ul << 32, 0u)]
    [InlineData(1ul << 32 | 31, 31u)]
    [InlineData(1ul << 32 | uint.MaxValue, uint.MaxValue)]
    public void A_record_tells_not_run_from_returned_nothing(ulong record, uint? returned) => Assert.Equal(returned, RecordingDispatcher.ReturnedBy(record));
}
