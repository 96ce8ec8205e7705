using Dispatcher.Benchmarks.Measuring;

namespace Dispatcher.Benchmarks.Sections;

/// <summary>Where a section runs.</summary>
internal enum Place
{
    /// <summary>On this machine's kernel.</summary>
    Host,

    /// <summary>Where EXT programs are accepted, as root: in the VM.</summary>
    Vm,
}

/// <summary>A part of the table. A new one is a class of its own and a line in <see cref="All"/>.</summary>
internal abstract class Section
{
    /// <summary>Every section, in the order of the table.</summary>
    public static IReadOnlyList<Section> All { get; } =
        [new PacketOnHost(), new PacketInVm(), new ChangeInProcess(), new CommandOnHost(), new CommandInVm(), new ManyInterfaces(), new ManyWriters(), new Reading(),
            new MemoryUse(), new Generation()];

    /// <summary>What <c>--only</c> calls it; two sections in different places may share it.</summary>
    public abstract string Name { get; }

    /// <summary>Heading in the table: what, and under which conditions.</summary>
    public abstract string Title { get; }

    /// <summary>Where it runs.</summary>
    public abstract Place Place { get; }

    /// <summary>Measures.</summary>
    /// <param name="bench">What there is to measure with.</param>
    public abstract IEnumerable<Row> Run(Bench bench);
}
