using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Testing;

namespace Dispatcher.Compiler.Tests.Emit;

/// <summary>Texts as users see them. What they say is checked against tools that are not ours in the other tests of this folder.</summary>
public sealed class DispatcherSnapshotTests
{
    public static TheoryData<string> Names => new(SampleSpecs.Named.Keys.Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Names))]
    public void Listing(string name) => Snapshot.Verify(DispatcherListing.Render(SampleSpecs.Generate(name)), name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Source(string name) => Snapshot.Verify(DispatcherSource.Render(SampleSpecs.Named[name]), name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Btf(string name) => Snapshot.Verify(BtfText.Render(SampleSpecs.Generate(name).Btf), name);

    [Theory]
    [InlineData("three", false)]
    [InlineData("three", true)]
    [InlineData("generic", false)]
    [InlineData("generic", true)]
    [InlineData("v1", false)]
    public void Elf(string name, bool bigEndian) =>
        Snapshot.Verify(ElfText.Render(ElfReader.Read(SampleSpecs.Generate(name).WriteElf(bigEndian))), name + (bigEndian ? "_big" : "_little"));

    [Fact]
    public void Listing_and_BTF_do_not_depend_on_the_byte_order_of_the_object()
    {
        foreach (var spec in SampleSpecs.All())
        {
            var dispatcher = DispatcherGenerator.Generate(spec);
            var little = ElfReader.Read(dispatcher.WriteElf());
            var big = ElfReader.Read(dispatcher.WriteElf(bigEndian: true));
            foreach (var section in (string[])[".text", DispatcherSource.SectionName(spec)])
            {
                Assert.Equal(
                    BpfEncoding.Decode(little.FindSection(section)!.Data.Span).AsEnumerable(),
                    BpfEncoding.Decode(big.FindSection(section)!.Data.Span, bigEndian: true));
            }

            Assert.Equal(BtfText.Render(dispatcher.Btf), BtfText.Render(BtfData.Read(big.FindSection(".BTF")!.Data.Span)));
            Assert.NotEqual(little.FindSection(".BTF")!.Data.ToArray(), big.FindSection(".BTF")!.Data.ToArray());
        }
    }
}
