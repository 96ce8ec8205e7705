using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Metadata;

/// <summary>The BTF of a program that has none, so that it can replace a stub.</summary>
/// <param name="Btf">The whole BTF.</param>
/// <param name="Function">The function that starts at instruction 0.</param>
/// <remarks>
/// The kernel compares prototypes by name and shape of the context, <c>struct xdp_md</c>, and does not look at its
/// members, so the structure is empty. Only kinds that kernel 5.10 knows. Under 130 bytes with a name of 15 characters.
/// </remarks>
public sealed record ComponentBtf(BtfData Btf, BtfTypeId Function)
{
    /// <summary>Makes the BTF of <c>int name(struct xdp_md *ctx)</c>.</summary>
    /// <param name="functionName">Name of the function; a C identifier, or the kernel refuses it.</param>
    /// <exception cref="ArgumentException">The name is empty or holds a NUL.</exception>
    public static ComponentBtf Synthesise(string functionName)
    {
        ArgumentException.ThrowIfNullOrEmpty(functionName);
        var builder = new BtfBuilder();
        var result = builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        var context = builder.Add(new BtfPtr(builder.Add(new BtfStruct("xdp_md", 0, []))));
        var prototype = builder.Add(new BtfFuncProto(result, [new BtfParameter("ctx", context)]));
        var function = builder.Add(new BtfFunc(functionName, prototype, BtfLinkage.Global));
        return new ComponentBtf(builder.Build(), function);
    }
}
