using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Metadata;

/// <summary>Values that C source puts into BTF, where no loader can change them: a variable in a section of its own.</summary>
/// <remarks>A number is written as the length of an array behind a pointer: <c>int (*name)[value]</c>.</remarks>
internal static class MetadataVariable
{
    /// <summary>The variable of a section, or null when there is no such section or variable.</summary>
    public static BtfTypeId? Find(BtfData btf, string section, string variable)
    {
        foreach (var (id, name) in In(btf, section))
        {
            if (name == variable)
                return id;
        }

        return null;
    }

    /// <summary>The variables of a section, in its order; none when there is no such section.</summary>
    public static List<(BtfTypeId Id, string Name)> In(BtfData btf, string section)
    {
        var found = new List<(BtfTypeId, string)>();
        if (btf.Find(BtfKind.DataSec, section) is not { } id)
            return found;
        foreach (var entry in btf.Get<BtfDataSec>(id)!.Variables)
        {
            if (btf.Get<BtfVar>(entry.Variable) is { } variable)
                found.Add((entry.Variable, variable.Name));
        }

        return found;
    }

    /// <summary>The number that a type holds, or null when it holds none.</summary>
    public static uint? ReadNumber(BtfData btf, BtfTypeId type) =>
        btf.Get<BtfPtr>(btf.Resolve(type)) is { } pointer && btf.Get<BtfArray>(btf.Resolve(pointer.Type)) is { } array
            ? array.Count
            : null;
}
