using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Metadata;

/// <summary>The mark by which a dispatcher is known, and the protocol version it speaks.</summary>
/// <remarks>
/// In C <c>int (*dispatcher_version)[VERSION]</c> in a section of its own, which is
/// <c>DATASEC xdp_metadata -> VAR dispatcher_version -> PTR -> ARRAY</c>; the number of elements is the version.
/// Source: docs/protocol.md.
/// </remarks>
public static class DispatcherMarker
{
    /// <summary>Section of the marker.</summary>
    public const string Section = "xdp_metadata";

    /// <summary>Variable of the marker.</summary>
    public const string Variable = "dispatcher_version";

    /// <summary>Reads the version from the BTF of a program or an object.</summary>
    /// <param name="btf">BTF of an object file, or as the kernel gives it for a loaded program.</param>
    /// <returns>The version, which need not be one that we know; null when there is no marker, so it is no dispatcher.</returns>
    /// <exception cref="MalformedObjectException">A variable of that name has another shape.</exception>
    public static int? ReadVersion(BtfData btf)
    {
        ArgumentNullException.ThrowIfNull(btf);
        if (MetadataVariable.Find(btf, Section, Variable) is not { } id)
            return null;
        var variable = btf.Get<BtfVar>(id)!;
        if (variable.Linkage == BtfLinkage.Extern)
            throw btf.Malformed(id, "the marker dispatcher_version is defined here, static or global");
        return MetadataVariable.ReadNumber(btf, variable.Type) switch
        {
            null => throw btf.Malformed(id, $"the marker is a pointer to an array, not {BtfC.Describe(btf, variable.Type)}"),
            > int.MaxValue => throw btf.Malformed(id, "the version in the marker fits 31 bits"),
            { } version => (int)version,
        };
    }
}
