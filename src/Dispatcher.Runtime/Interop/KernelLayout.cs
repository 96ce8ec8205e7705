namespace Dispatcher.Runtime.Interop;

/// <summary>Names the kernel struct that a layout mirrors; a test compares every offset with the kernel's own BTF.</summary>
/// <param name="type">Struct or union, for example <c>bpf_attr</c>.</param>
/// <param name="member">Named member of it, for example <c>link_create</c>; null: the type itself or an anonymous struct in it.</param>
[AttributeUsage(AttributeTargets.Struct)]
internal sealed class KernelLayoutAttribute(string type, string? member = null) : Attribute
{
    /// <summary>Struct or union.</summary>
    public string Type { get; } = type;

    /// <summary>Named member of it, or null.</summary>
    public string? Member { get; } = member;
}

/// <summary>The kernel's name of a field where it is not the field's own name in lower case with underscores.</summary>
/// <param name="name">Kernel name; null: padding without a name.</param>
[AttributeUsage(AttributeTargets.Field)]
internal sealed class KernelNameAttribute(string? name) : Attribute
{
    /// <summary>Kernel name, or null for padding.</summary>
    public string? Name { get; } = name;
}
