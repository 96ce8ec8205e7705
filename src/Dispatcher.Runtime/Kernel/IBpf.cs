namespace Dispatcher.Runtime.Kernel;

/// <summary>The bpf(2) part of the port. Each method is one system call, so a test can cut in between any two.</summary>
/// <remarks>Every method may throw <see cref="KernelException"/> for an errno that is not named as an answer.</remarks>
internal interface IBpf
{
    /// <summary>
    /// Makes room for so many open objects, or as many as the process may have. Of a process with several threads the kernel waits for all processors
    /// (RCU) each time that its table of open files doubles; so it waits once.
    /// </summary>
    void MakeRoom(int objects);

    /// <summary>Opens a program by id. Null: ENOENT, it is gone. Kernel: BPF_PROG_GET_FD_BY_ID, 4.13.</summary>
    ProgramFd? OpenProgram(ProgramId id);

    /// <summary>Opens a map by id. Null: ENOENT. Kernel: BPF_MAP_GET_FD_BY_ID, 4.13.</summary>
    MapFd? OpenMap(MapId id);

    /// <summary>Opens a BTF object by id. Null: ENOENT. Kernel: BPF_BTF_GET_FD_BY_ID, 4.18.</summary>
    BtfFd? OpenBtf(BtfId id);

    /// <summary>Opens a link by id. Null: ENOENT, or ENOLINK/EAGAIN while it is being made or freed. Kernel: BPF_LINK_GET_FD_BY_ID, 5.8.</summary>
    LinkFd? OpenLink(LinkId id);

    /// <summary>The smallest link id above the given one. Null: no more. Kernel: BPF_LINK_GET_NEXT_ID, 5.8.</summary>
    LinkId? NextLink(LinkId? after);

    /// <summary>The smallest program id above the given one. Null: no more. Kernel: BPF_PROG_GET_NEXT_ID, 4.13.</summary>
    ProgramId? NextProgram(ProgramId? after);

    /// <summary>Reads what the kernel knows of a program. Kernel: BPF_OBJ_GET_INFO_BY_FD.</summary>
    ProgramInfo GetInfo(ProgramFd program);

    /// <summary>Reads what the kernel knows of a map.</summary>
    MapInfo GetInfo(MapFd map);

    /// <summary>Reads what the kernel knows of a link. Kernel: 5.8; target fields 5.13.</summary>
    LinkInfo GetInfo(LinkFd link);

    /// <summary>Reads the raw bytes of a BTF object; a second call when it is larger than 64 KiB.</summary>
    byte[] ReadBtf(BtfFd btf);

    /// <summary>The value of entry 0 of an array map. Kernel: BPF_MAP_LOOKUP_ELEM.</summary>
    /// <param name="map">Array map.</param>
    /// <param name="valueSize">Bytes, as its info says.</param>
    byte[] ReadFirstElement(MapFd map, int valueSize);

    /// <summary>Makes an array map of one entry that programs only read (BPF_F_RDONLY_PROG).</summary>
    /// <param name="name">At most 15 bytes.</param>
    /// <param name="valueSize">Bytes.</param>
    /// <param name="btf">BTF of the value, or null.</param>
    /// <param name="valueTypeId">Type id of the value (a DATASEC) in that BTF, or 0.</param>
    MapFd CreateConfigMap(string name, int valueSize, BtfFd? btf, uint valueTypeId);

    /// <summary>Writes entry 0. Kernel: BPF_MAP_UPDATE_ELEM.</summary>
    void WriteFirstElement(MapFd map, ReadOnlySpan<byte> value);

    /// <summary>Ends all writing from user space. Kernel: BPF_MAP_FREEZE, 5.2.</summary>
    void Freeze(MapFd map);

    /// <summary>Loads BTF. Kernel: BPF_BTF_LOAD.</summary>
    BtfFd LoadBtf(ReadOnlySpan<byte> btf);

    /// <summary>Loads a program. Kernel: BPF_PROG_LOAD.</summary>
    /// <exception cref="VerifierException">The verifier refused it; the log is kept.</exception>
    ProgramFd LoadProgram(in ProgramLoadRequest request);

    /// <summary>Adds a map to those a program refers to. Kernel: BPF_PROG_BIND_MAP, 5.10.</summary>
    void BindMap(ProgramFd program, MapFd map);

    /// <summary>Attaches a component in place of a function of a dispatcher. Kernel: BPF_LINK_CREATE on EXT, 5.10.</summary>
    /// <param name="component">EXT program.</param>
    /// <param name="dispatcher">The program whose function is replaced.</param>
    /// <param name="functionTypeId">Type id of that function in the dispatcher's BTF.</param>
    LinkFd AttachToFunction(ProgramFd component, ProgramFd dispatcher, uint functionTypeId);

    /// <summary>Runs a program on one packet. Kernel: BPF_PROG_TEST_RUN.</summary>
    /// <param name="program">XDP program.</param>
    /// <param name="packet">At least 14 bytes.</param>
    /// <param name="repeat">How often, at least 1.</param>
    TestRunResult TestRun(ProgramFd program, ReadOnlySpan<byte> packet, int repeat = 1);
}

/// <summary>The answer of BPF_PROG_TEST_RUN.</summary>
/// <param name="Verdict">Return value of the program.</param>
/// <param name="DurationNs">Mean nanoseconds per run.</param>
/// <param name="Packet">The packet afterwards.</param>
internal sealed record TestRunResult(uint Verdict, uint DurationNs, byte[] Packet);
