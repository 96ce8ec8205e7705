using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime;

/// <summary>What the kernel tells of one loaded program.</summary>
/// <param name="Id">Program id.</param>
/// <param name="Type">Kernel's spelling of the program type, for example <c>xdp</c> or <c>ext</c>.</param>
/// <param name="Name">Full function name where BTF tells it, else the kernel's name.</param>
/// <param name="Tag">Program tag.</param>
/// <param name="InstructionCount">Translated instructions of 8 bytes.</param>
/// <param name="Btf">Its BTF as the kernel gives it back; empty when it has none.</param>
/// <param name="DispatcherVersion">The marker's value, whatever it is; null when there is no marker.</param>
/// <param name="Config">The dispatcher config, when it is a dispatcher of a version we know.</param>
public sealed record ProgramInspection(
    ProgramId Id, string Type, string Name, ProgramTag Tag, int InstructionCount,
    ReadOnlyMemory<byte> Btf, int? DispatcherVersion, DispatcherConfig? Config);
