using System.Buffers.Binary;
using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Network;

namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>BPF_PROG_LOAD with fds resolved to objects.</summary>
/// <param name="Type">XDP or EXT.</param>
/// <param name="Name">Cut at 15 characters.</param>
/// <param name="Instructions">8 bytes each.</param>
/// <param name="ExpectedAttachType">37 (BPF_XDP) for a dispatcher, 0 for a component.</param>
/// <param name="Flags">Frags, device-bound.</param>
/// <param name="Btf">Borrowed; the program adds a reference.</param>
/// <param name="FunctionTypeIds">Type ids of its functions, the entry first.</param>
/// <param name="Target">EXT: whose function is replaced.</param>
/// <param name="TargetFunction">EXT: type id of that function.</param>
/// <param name="BoundTo">Device-bound: interface, or null.</param>
internal sealed record SimLoad(
    ProgramType Type, string Name, byte[] Instructions, uint ExpectedAttachType, uint Flags, SimBtf? Btf,
    ImmutableArray<uint> FunctionTypeIds, SimProgram? Target, uint TargetFunction, SimInterface? BoundTo)
{
    private const int NameLength = 15;
    private const int FunctionRecordSize = 8;

    /// <summary>Copies a request, whose spans end with the call.</summary>
    public static SimLoad Of(SimProcess process, in ProgramLoadRequest request) => new(
        request.Type, Cut(request.Name), request.Instructions.ToArray(), request.ExpectedAttachType, request.Flags,
        request.Btf is null ? null : process.Resolve<SimBtf>(request.Btf),
        ReadTypeIds(request.FunctionInfo),
        request.AttachTarget is null ? null : process.Resolve<SimProgram>(request.AttachTarget),
        request.AttachBtfTypeId, request.BoundIfindex == 0 ? null : FindDevice(process, request.BoundIfindex));

    /// <summary>A name as the kernel keeps it.</summary>
    public static string Cut(string name) => name.Length > NameLength ? name[..NameLength] : name;

    private static SimInterface FindDevice(SimProcess process, int ifindex) =>
        process.Network.Interfaces.FirstOrDefault(candidate => candidate.Index == ifindex) ?? throw new SysError(KernelErrno.EINVAL);

    private static ImmutableArray<uint> ReadTypeIds(ReadOnlySpan<byte> records)
    {
        var ids = ImmutableArray.CreateBuilder<uint>();
        for (; records.Length >= FunctionRecordSize; records = records[FunctionRecordSize..])
        {
            var typeId = records[4..FunctionRecordSize];
            ids.Add(BitConverter.IsLittleEndian ? BinaryPrimitives.ReadUInt32LittleEndian(typeId) : BinaryPrimitives.ReadUInt32BigEndian(typeId));
        }

        return ids.DrainToImmutable();
    }
}
