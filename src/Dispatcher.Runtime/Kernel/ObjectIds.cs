namespace Dispatcher.Runtime.Kernel;

/// <summary>Kernel-wide id of a BPF map.</summary>
/// <param name="Value">Greater than 0.</param>
internal readonly record struct MapId(uint Value);

/// <summary>Kernel-wide id of a BTF object, not of a type in it.</summary>
/// <param name="Value">Greater than 0.</param>
internal readonly record struct BtfId(uint Value);
