using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>Tracing programs: nothing of them is simulated, so a test that needs them runs on a real kernel.</summary>
internal sealed class SimProbes : IProbes
{
    public uint? ReadEntryTypeId(ProgramFd program) => throw NotSimulated();

    public MapFd CreateMap(ProbeMapKind kind, string name, int sizeBytes) => throw NotSimulated();

    public byte[] ReadPerCpu(MapFd map, int valueSize) => throw NotSimulated();

    public IRing OpenRing(MapFd ring, int sizeBytes) => throw NotSimulated();

    public long ReadClockOffsetNs() => throw NotSimulated();

    public ProgramFd LoadProgram(in ProgramLoadRequest request, ImmutableArray<BpfMapReference> references, IReadOnlyDictionary<string, MapFd> maps) =>
        throw NotSimulated();

    public LinkFd StartProbe(ProgramFd probe) => throw NotSimulated();

    private static NotSupportedException NotSimulated() => new("Tracing programs are not simulated.");
}
