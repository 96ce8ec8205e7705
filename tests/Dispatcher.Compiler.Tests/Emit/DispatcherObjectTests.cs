using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

public sealed class DispatcherObjectTests
{
    [Fact]
    [Rule("P-040", "P-041")]
    public void Functions_stand_one_after_another_with_the_entry_first()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            var stubs = dispatcher.Spec.Flavour == DispatcherFlavour.Generic ? DispatcherLimits.MaxSlots : dispatcher.Spec.Slots.Length;
            string[] names = [DispatcherNames.Entry, .. Enumerable.Range(0, stubs).Select(DispatcherNames.Stub)];
            if (dispatcher.Spec.Flavour == DispatcherFlavour.Generic)
                names = [.. names, DispatcherNames.CompatTest];
            Assert.Equal(names, dispatcher.Functions.Select(f => f.Name));

            var next = 0;
            foreach (var function in dispatcher.Functions)
            {
                Assert.Equal(next, function.Start);
                next += function.Count;
                var type = dispatcher.Btf.Get<BtfFunc>(function.BtfId)!;
                Assert.Equal((function.Name, BtfLinkage.Global), (type.Name, type.Linkage));
                Assert.Equal(function, dispatcher.FindFunction(function.Name));
            }

            Assert.Equal(dispatcher.Instructions.Length, next);
            Assert.Null(dispatcher.FindFunction("prog10"));
        }
    }

    [Fact]
    [Rule("P-049")]
    public void A_single_component_replaces_the_entry_and_several_replace_their_stubs()
    {
        Assert.Equal(DispatcherNames.Entry, SampleSpecs.Generate("one").TargetOf(0).Name);
        Assert.Equal(["prog0", "prog1", "prog2"], Enumerable.Range(0, 3).Select(i => SampleSpecs.Generate("three").TargetOf(i).Name));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSpecs.Generate("three").TargetOf(3));
        Assert.Throws<ArgumentOutOfRangeException>(() => SampleSpecs.Generate("generic").TargetOf(2));
    }

    [Fact]
    [Rule("P-040")]
    public void Func_info_names_every_function_at_its_start()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
            Assert.Equal(dispatcher.Functions.Select(f => new BtfFuncInfo((uint)f.Start, f.BtfId)), dispatcher.FuncInfo.ToArray());
    }

    [Fact]
    public void Line_info_starts_with_each_function_rises_and_shows_lines_of_the_twin()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            var twin = DispatcherSource.Render(dispatcher.Spec).Split('\n');
            var lines = dispatcher.LineInfo.ToArray();
            Assert.Equal(lines.Select(l => l.InstructionIndex).Distinct().Order(), lines.Select(l => l.InstructionIndex));
            Assert.Subset(lines.Select(l => (int)l.InstructionIndex).ToHashSet(), dispatcher.Functions.Select(f => f.Start).ToHashSet());
            foreach (var line in lines)
            {
                Assert.Equal(DispatcherSource.FileName, dispatcher.Btf.GetString(line.FileName));
                var text = twin[line.Line - 1];
                Assert.Equal(text.Trim(), dispatcher.Btf.GetString(line.Text));
                Assert.Equal(text.Length - text.TrimStart().Length + 1, (int)line.Column);
                Assert.False(dispatcher.Instructions[(int)line.InstructionIndex] == default, "a line starts at the second half of a wide load");
            }
        }
    }

    [Fact]
    public void Every_call_of_a_stub_is_shown_with_its_line()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            foreach (var call in dispatcher.Program.Calls)
            {
                var line = dispatcher.LineInfo.ToArray().Last(l => l.InstructionIndex <= call.Index);
                Assert.Contains($"{call.Function}(ctx);", dispatcher.Btf.GetString(line.Text), StringComparison.Ordinal);
            }
        }
    }

    [Fact]
    public void Only_the_generic_flavour_refers_to_the_config_map()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            BpfMapReference[] expected = dispatcher.Spec.Flavour == DispatcherFlavour.Generic ? [new(1, DispatcherNames.ConfigSection, IsValue: true, 0)] : [];
            Assert.Equal(expected, dispatcher.ConfigReferences.AsEnumerable());
            Assert.Equal(expected.Length, dispatcher.Instructions.Count(i => i.IsWide));
        }
    }

    [Fact]
    [Rule("P-030")]
    public void Marker_and_config_say_the_version()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            Assert.Equal((int)dispatcher.Spec.Version, DispatcherMarker.ReadVersion(dispatcher.Btf));
            var config = DispatcherConfig.Decode(dispatcher.ConfigBytes(), dispatcher.Spec.Version);
            Assert.Equal(dispatcher.Spec.Slots.AsEnumerable(), config.Slots);
            Assert.Equal(dispatcher.HasFrags, config.HasFrags);
        }
    }

    [Fact]
    [Rule("P-037")]
    public void Uses_only_kinds_of_BTF_that_kernel_5_10_knows()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
            Assert.All(dispatcher.Btf.Types, t => Assert.True(t.Kind <= BtfKind.DataSec, $"{t}"));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Instructions_are_read_as_they_were_written(bool bigEndian)
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
            Assert.Equal(dispatcher.Instructions.AsEnumerable(), BpfEncoding.Decode(BpfEncoding.Encode(dispatcher.Instructions.AsSpan(), bigEndian), bigEndian));
    }

    [Fact]
    public void The_same_spec_gives_the_same_bytes()
    {
        foreach (var spec in SampleSpecs.All())
        {
            foreach (var bigEndian in (bool[])[false, true])
            {
                var first = DispatcherGenerator.Generate(spec).WriteElf(bigEndian);
                var again = DispatcherGenerator.Generate(new DispatcherSpec(spec.Version, [.. spec.Slots], spec.Flavour)).WriteElf(bigEndian);
                Assert.Equal(first, again);
            }
        }
    }

    [Fact]
    [Rule("P-042", "P-043")]
    public void Stubs_hold_what_kernels_ask_for_and_nothing_else()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            foreach (var stub in dispatcher.Functions.Skip(1))
            {
                byte[] code = BpfEncoding.Encode(dispatcher.Instructions.AsSpan().Slice(stub.Start, stub.Count), bigEndian: false);
                Assert.Equal(
                    "b702000000000000" // r2 = 0
                    + "8500000041000000" // call bpf_xdp_adjust_tail
                    + "b70000001f000000" // r0 = 31
                    + "9500000000000000", // exit
                    Convert.ToHexStringLower(code));
            }
        }
    }

    [Fact]
    [Rule("P-031")]
    public void The_marker_is_an_array_right_behind_a_pointer()
    {
        foreach (var dispatcher in SampleSpecs.All().Select(DispatcherGenerator.Generate))
        {
            var section = dispatcher.Btf.Get<BtfDataSec>(dispatcher.Btf.Find(BtfKind.DataSec, "xdp_metadata")!.Value)!;
            var marker = dispatcher.Btf.Get<BtfVar>(Assert.Single(section.Variables).Variable)!;
            Assert.Equal("dispatcher_version", marker.Name);
            Assert.Equal((uint)dispatcher.Spec.Version, dispatcher.Btf.Get<BtfArray>(dispatcher.Btf.Get<BtfPtr>(marker.Type)!.Type)!.Count);
        }
    }
}
