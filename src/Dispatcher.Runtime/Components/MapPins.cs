using System.Collections.Immutable;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.Runtime.Components;

/// <summary>Which maps of an object ask to be pinned.</summary>
internal static class MapPins
{
    private const int ByName = 1;

    /// <summary>Names of the maps that are to be pinned by name.</summary>
    /// <remarks>libbpf, bpf_helpers.h: <c>__uint(pinning, LIBBPF_PIN_BY_NAME)</c> is a pointer to an array of as many ints as the number says.</remarks>
    public static ImmutableArray<string> AskedFor(BtfData btf) => btf.Find(BtfKind.DataSec, ".maps") is { } id && btf.Get<BtfDataSec>(id) is { } maps
        ? [.. maps.Variables.Select(entry => btf.Get<BtfVar>(entry.Variable)).OfType<BtfVar>().Where(map => IsPinned(btf, map)).Select(map => map.Name)]
        : [];

    private static bool IsPinned(BtfData btf, BtfVar map) => btf.Get<BtfStruct>(btf.Resolve(map.Type)) is { } definition
        && definition.Members.Any(member => member.Name == "pinning" && btf.Get<BtfPtr>(member.Type) is { } pointer && btf.Get<BtfArray>(pointer.Type) is { Count: ByName });
}
