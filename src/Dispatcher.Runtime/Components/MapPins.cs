using System.Collections.Immutable;
using Dispatcher.Compiler.Btf;

namespace Dispatcher.Runtime.Components;

/// <summary>Which maps of an object are pinned when there is a folder for them.</summary>
/// <remarks>libbpf, bpf_helpers.h: <c>__uint(pinning, LIBBPF_PIN_BY_NAME)</c> is a pointer to an array of as many ints as the number says.</remarks>
internal static class MapPins
{
    private const int ByName = 1;
    private const int ProgramArray = 3;

    /// <summary>Names of the maps that ask to be pinned by name.</summary>
    public static ImmutableArray<string> AskedFor(BtfData btf) => [.. With(btf, "pinning", ByName)];

    /// <summary>Whether there is one that asks, or one that is pinned without: a program array.</summary>
    public static bool AreThere(BtfData btf) => With(btf, "pinning", ByName).Concat(With(btf, "type", ProgramArray)).Any();

    private static IEnumerable<string> With(BtfData btf, string member, uint number) => btf.Find(BtfKind.DataSec, ".maps") is { } id && btf.Get<BtfDataSec>(id) is { } maps
        ? maps.Variables.Select(entry => btf.Get<BtfVar>(entry.Variable)).OfType<BtfVar>().Where(map => Says(btf, map, member, number)).Select(map => map.Name)
        : [];

    private static bool Says(BtfData btf, BtfVar map, string name, uint number) => btf.Get<BtfStruct>(btf.Resolve(map.Type)) is { } definition
        && definition.Members.Any(member => member.Name == name && btf.Get<BtfPtr>(member.Type) is { } pointer && btf.Get<BtfArray>(pointer.Type) is { } array && array.Count == number);
}
