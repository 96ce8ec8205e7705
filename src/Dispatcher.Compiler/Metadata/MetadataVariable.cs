using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Metadata;

/// <summary>Values that C source puts into BTF, where no loader can change them: a variable in a section of its own.</summary>
/// <remarks>A number is written as the length of an array behind a pointer: <c>int (*name)[value]</c>.</remarks>
internal static class MetadataVariable
{
    /// <summary>The variable of a section, or null when there is no such section or variable.</summary>
    public static BtfTypeId? Find(BtfData btf, string section, string variable)
    {
        if (btf.Find(BtfKind.DataSec, section) is not { } id)
            return null;
        foreach (var entry in btf.Get<BtfDataSec>(id)!.Variables)
        {
            if (btf.Get<BtfVar>(entry.Variable) is { } candidate && candidate.Name == variable)
                return entry.Variable;
        }

        return null;
    }

    /// <summary>The number that a type holds, or null when it holds none.</summary>
    public static uint? ReadNumber(BtfData btf, BtfTypeId type) =>
        btf.Get<BtfPtr>(btf.Resolve(type)) is { } pointer && btf.Get<BtfArray>(btf.Resolve(pointer.Type)) is { } array
            ? array.Count
            : null;
}
