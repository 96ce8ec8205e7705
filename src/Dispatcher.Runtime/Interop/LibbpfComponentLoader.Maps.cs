using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.Interop;

/// <content>Maps that the object takes over instead of making its own.</content>
internal sealed unsafe partial class LibbpfComponentLoader
{
    private static void TakeOverMaps(LibbpfObject bpfObject, ElfLoadRequest request, LibbpfLog log)
    {
        if (request.ChooseMaps is not { } choose)
            return;
        var wanted = ImmutableArray.CreateBuilder<MapDefinition>();
        ForEachMap(bpfObject, map => wanted.Add(Describe(map)));
        var chosen = choose(wanted.ToImmutable());
        ForEachMap(bpfObject, map =>
        {
            if (!chosen.TryGetValue(NameOf(map), out var existing))
                return;
            using var lease = new FdLease(existing.Handle);
            // A map that exists has its pin already, or none: libbpf is not to look for another one by name.
            Check(Libbpf.SetPinPath(map, 0), "bpf_map__set_pin_path", request, log);
            Check(Libbpf.ReuseMap(map, lease.Number), "bpf_map__reuse_fd", request, log);
        });
    }

    private static MapDefinition Describe(nint map) => new(
        NameOf(map), Libbpf.MapType(map), (int)Libbpf.MapKeySize(map), (int)Libbpf.MapValueSize(map), Libbpf.MapMaxEntries(map),
        Libbpf.MapFlags(map), Libbpf.MapKeyTypeId(map), Libbpf.MapValueTypeId(map), Libbpf.IsInternalMap(map) != 0);

    private static string NameOf(nint map) => Marshal.PtrToStringUTF8(Libbpf.MapName(map)) ?? "";
}
