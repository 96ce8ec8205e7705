using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Transactions;

namespace Dispatcher.Runtime.Components;

/// <summary>Loads components against a dispatcher that is on no hook, before any lock is taken.</summary>
/// <remarks>
/// The kernel verifies an EXT program against a target at load, and attaches it elsewhere later (kernel 5.10). So a
/// slow verification holds nobody up, a retry never verifies again, and a refusal happens before anything is touched.
/// </remarks>
internal sealed class ComponentVerifier(KernelPort kernel)
{
    private static readonly DispatcherSpec TargetSpec = new(DispatcherVersion.V2, [Slot.Default, Slot.Default]);

    // A component inherits the binding of the dispatcher that it is loaded against, and fits no other device afterwards.
    private static readonly DispatcherSpec BoundTargetSpec = new(
        DispatcherVersion.V3, [.. Enumerable.Repeat(Slot.Default with { Flags = ProgramFlags.DeviceBound }, 2)]);

    /// <summary>Loads all of them or none.</summary>
    /// <param name="programs">All of them device-bound, or none.</param>
    /// <param name="mapPinFolder">See <see cref="AttachOptions.MapPinFolder"/>.</param>
    /// <param name="nic">Whose chain they are to join.</param>
    /// <param name="expected">Dispatcher of the chain that they are expected to make; null: any.</param>
    /// <param name="chooseMaps">Which maps they take over; null: none.</param>
    /// <exception cref="ComponentException">One makes tail calls, and there is no folder to keep their targets in.</exception>
    /// <exception cref="VerifierException">The kernel refused one.</exception>
    /// <exception cref="KernelException">EPERM: EXT programs are not allowed here; the text says whether capabilities are missing.</exception>
    /// <exception cref="UnsupportedKernelException">The kernel has no EXT programs, or binds none to devices.</exception>
    /// <exception cref="RefusedException">The driver cannot have programs bound to it.</exception>
    public VerifiedComponents LoadAll(
        IReadOnlyList<ComponentProgram> programs, string? mapPinFolder, InterfaceReading nic, DispatcherSpec? expected = null, ChooseMaps? chooseMaps = null)
    {
        if (mapPinFolder is null && programs.FirstOrDefault(program => program.MakesTailCalls) is { } caller)
        {
            throw new ComponentException(
                $"{Printable.Escape(caller.Name)} makes tail calls. The kernel forgets their targets as soon as no process has the program array open, "
                + "so it must be pinned: name a folder on a BPF file system for it (AttachOptions.MapPinFolder).");
        }

        if (mapPinFolder is not null && !kernel.Files.IsBpfFs(mapPinFolder) && !kernel.Files.IsBpfFs(Path.GetDirectoryName(mapPinFolder.TrimEnd('/')) ?? "/"))
        {
            throw new ComponentException(
                $"'{Printable.Escape(mapPinFolder)}' is no folder on a BPF file system, and maps can be pinned only there; name one below /sys/fs/bpf, and make its parent first.");
        }

        var spare = SpareDispatcher.LoadFor(kernel, expected ?? TargetFor(programs), nic);
        var loaded = ImmutableArray.CreateBuilder<LoadedComponent>(programs.Count);
        try
        {
            foreach (var program in programs)
                loaded.Add(Load(program, spare.Dispatcher, mapPinFolder, chooseMaps));
            return new VerifiedComponents(loaded.MoveToImmutable(), spare);
        }
        catch
        {
            foreach (var component in loaded)
                component.Dispose();
            spare.Dispose();
            throw;
        }
    }

    /// <summary>The tag that the kernel gives to a program: it is loaded, with maps that nobody sees, and let go.</summary>
    /// <exception cref="DispatcherException">It cannot be loaded.</exception>
    public ProgramTag TagOf(ComponentProgram program, InterfaceReading nic)
    {
        using var spare = SpareDispatcher.LoadFor(kernel, TargetFor([program]), nic);
        using var loaded = Load(program, spare.Dispatcher, mapPinFolder: null, chooseMaps: null);
        return loaded.Info.Tag;
    }

    /// <summary>Makes sure that programs can be bound to a device here, with a dispatcher that is let go at once.</summary>
    /// <exception cref="UnsupportedKernelException">The kernel binds no programs.</exception>
    /// <exception cref="RefusedException">The driver cannot have programs bound to it.</exception>
    public void RequireBinding(InterfaceReading nic) => DispatcherLoader.LoadFor(kernel, BoundTargetSpec, nic).Dispose();

    private static DispatcherSpec TargetFor(IEnumerable<ComponentProgram> programs) =>
        programs.Any(program => program.Flags.HasFlag(ProgramFlags.DeviceBound)) ? BoundTargetSpec : TargetSpec;

    private LoadedComponent Load(ComponentProgram program, LoadedDispatcher target, string? mapPinFolder, ChooseMaps? chooseMaps) =>
        program.Elf is { } elf ? LoadElf(program, elf, target, mapPinFolder, chooseMaps) : LoadBytecode(program, target, chooseMaps);

    private LoadedComponent LoadElf(
        ComponentProgram program, ElfSource elf, LoadedDispatcher target, string? mapPinFolder, ChooseMaps? chooseMaps)
    {
        var loaded = kernel.Loader.Load(new ElfLoadRequest(elf.Bytes, elf.ObjectName, program.Name, mapPinFolder, target.Program, target.Generated.TargetOf(0).Name)
        {
            ChooseMaps = chooseMaps,
        });
        try
        {
            return new LoadedComponent(loaded.Program, kernel.Bpf.GetInfo(loaded.Program), program, loaded.Maps);
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    private LoadedComponent LoadBytecode(ComponentProgram program, LoadedDispatcher target, ChooseMaps? chooseMaps)
    {
        // Raw instructions have no maps, which is an answer too.
        _ = chooseMaps?.Invoke([]);
        var bigEndian = !BitConverter.IsLittleEndian;
        var (btf, function) = ComponentBtf.Synthesise(program.Name);
        using var btfFd = kernel.Bpf.LoadBtf(btf.Encode(bigEndian));
        var fd = kernel.Bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Ext,
            Name = program.Name,
            Instructions = program.Bytecode!.Instructions.Span,
            License = program.Bytecode.License,
            Btf = btfFd,
            FunctionInfo = BtfExt.EncodeForKernel([new BtfFuncInfo(0, function)], bigEndian),
            AttachTarget = target.Program,
            AttachBtfTypeId = target.TargetTypeId(0),
        });
        try
        {
            return new LoadedComponent(fd, kernel.Bpf.GetInfo(fd), program, ImmutableSortedDictionary<string, MapFd>.Empty);
        }
        catch
        {
            fd.Dispose();
            throw;
        }
    }
}
