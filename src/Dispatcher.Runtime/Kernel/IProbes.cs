using System.Collections.Immutable;
using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Runtime.Kernel;

/// <summary>What looking into a running chain needs of bpf(2). Each method is one system call; nothing it makes outlives its fds.</summary>
/// <remarks>Every method may throw <see cref="KernelException"/> for an errno that is not named as an answer.</remarks>
internal interface IProbes
{
    /// <summary>The type id, in its own BTF, of the function that a program starts with. Null: the program has no BTF. Kernel: 5.0.</summary>
    uint? ReadEntryTypeId(ProgramFd program);

    /// <summary>Makes a map that programs write and this process reads. Kernel: BPF_MAP_CREATE.</summary>
    /// <param name="kind">Which kind.</param>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="sizeBytes">Bytes of the one value; of a ring its room, a power of two and a multiple of the page size.</param>
    /// <exception cref="UnsupportedKernelException">The kernel has no ring buffers.</exception>
    MapFd CreateMap(ProbeMapKind kind, string name, int sizeBytes);

    /// <summary>The value of entry 0 of a per-CPU array, of every CPU that may exist. Kernel: BPF_MAP_LOOKUP_ELEM.</summary>
    /// <param name="map">Per-CPU array.</param>
    /// <param name="valueSize">Bytes, a multiple of 8.</param>
    /// <returns>CPUs times <paramref name="valueSize"/> bytes, CPU by CPU.</returns>
    byte[] ReadPerCpu(MapFd map, int valueSize);

    /// <summary>Opens the reading end of a ring. Kernel: mmap(2), which makes two calls here for the two parts of the one ring.</summary>
    /// <param name="ring">A map of kind <see cref="ProbeMapKind.Ring"/>; borrowed.</param>
    /// <param name="sizeBytes">As it was made with.</param>
    IRing OpenRing(MapFd ring, int sizeBytes);

    /// <summary>Nanoseconds from the clock of programs (<c>bpf_ktime_get_ns</c>, CLOCK_MONOTONIC) to Unix time, as they are now.</summary>
    long ReadClockOffsetNs();

    /// <summary>Loads a program whose instructions refer to maps. Kernel: BPF_PROG_LOAD.</summary>
    /// <param name="request">As <see cref="IBpf.LoadProgram"/>; the immediates of map loads are filled in here.</param>
    /// <param name="references">Where the instructions load a map.</param>
    /// <param name="maps">The maps by name; borrowed, the program keeps them.</param>
    /// <exception cref="VerifierException">The verifier refused it; the log is kept.</exception>
    ProgramFd LoadProgram(in ProgramLoadRequest request, ImmutableArray<BpfMapReference> references, IReadOnlyDictionary<string, MapFd> maps);

    /// <summary>Starts a tracing program at the function that it was loaded for. Kernel: BPF_RAW_TRACEPOINT_OPEN, 5.5.</summary>
    /// <param name="probe">TRACING program.</param>
    /// <returns>Closing it ends it, as the end of the process does.</returns>
    LinkFd StartProbe(ProgramFd probe);
}

/// <summary>Kinds of map that programs write and this process reads, values of <c>enum bpf_map_type</c>.</summary>
internal enum ProbeMapKind : uint
{
    /// <summary>BPF_MAP_TYPE_ARRAY of one entry.</summary>
    Array = 2,

    /// <summary>BPF_MAP_TYPE_PERCPU_ARRAY of one entry.</summary>
    PerCpuArray = 6,

    /// <summary>BPF_MAP_TYPE_RINGBUF, kernel 5.8.</summary>
    Ring = 27,
}
