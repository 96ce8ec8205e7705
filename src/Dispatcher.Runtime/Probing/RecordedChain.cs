using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Probing;

/// <summary>A recording dispatcher with the components of a chain linked in a second time; on no interface, without pins.</summary>
internal sealed class RecordedChain : IDisposable
{
    private const uint AttachTypeXdp = 37;

    private readonly List<LinkFd> _links = [];

    private RecordedChain(ProgramFd program, MapFd returned)
    {
        Program = program;
        Returned = returned;
    }

    /// <summary>The dispatcher, for test runs; borrowed.</summary>
    public ProgramFd Program { get; }

    /// <summary>The map that says what each slot returned; borrowed.</summary>
    public MapFd Returned { get; }

    /// <summary>Loads it.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="interfaceName">For messages.</param>
    /// <param name="chain">Borrowed; the links hold the components.</param>
    /// <exception cref="RefusedException">The chain is bound to its device, and the kernel has no test run for it.</exception>
    public static RecordedChain Load(KernelPort kernel, string interfaceName, ChainSnapshot chain)
    {
        if (chain.Config.Slots.Any(slot => slot.Flags.HasFlag(ProgramFlags.DeviceBound)))
        {
            throw new RefusedException(
                $"The programs on {Printable.Escape(interfaceName)} are bound to their device and run nowhere else; 'xdp-dispatch trace {Printable.Escape(interfaceName)}' shows what they do with packets that come in.");
        }

        var generated = RecordingDispatcher.Generate(chain.Config.Slots);
        var returned = kernel.Probes.CreateMap(ProbeMapKind.Array, RecordingDispatcher.Map, chain.Config.Slots.Length * sizeof(ulong));
        ProgramFd program;
        try
        {
            program = LoadProgram(kernel, generated, chain.Config.HasFrags, returned);
        }
        catch
        {
            returned.Dispose();
            throw;
        }

        var loaded = new RecordedChain(program, returned);
        try
        {
            for (var slot = 0; slot < chain.Components.Length; slot++)
                loaded._links.Add(kernel.Bpf.AttachToFunction(chain.Components[slot].Program, program, generated.StubTypes[slot].Value));
            return loaded;
        }
        catch
        {
            loaded.Dispose();
            throw;
        }
    }

    /// <summary>What the slots that ran returned, in running order.</summary>
    /// <param name="record">The value of <see cref="Returned"/>.</param>
    public static ImmutableArray<uint> Read(ReadOnlySpan<ulong> record)
    {
        var returned = ImmutableArray.CreateBuilder<uint>(record.Length);
        foreach (var slot in record)
        {
            if (RecordingDispatcher.ReturnedBy(slot) is not { } value)
                break;
            returned.Add(value);
        }

        return returned.DrainToImmutable();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var link in _links)
            link.Dispose();
        Program.Dispose();
        Returned.Dispose();
    }

    private static ProgramFd LoadProgram(KernelPort kernel, RecordingDispatcher generated, bool hasFrags, MapFd returned)
    {
        var bigEndian = !BitConverter.IsLittleEndian;
        using var btf = kernel.Bpf.LoadBtf(generated.Btf.Encode(bigEndian));
        return kernel.Probes.LoadProgram(
            new ProgramLoadRequest
            {
                Type = ProgramType.Xdp,
                Name = RecordingDispatcher.Entry,
                Instructions = BpfEncoding.Encode(generated.Program.Instructions.AsSpan(), bigEndian),
                License = DispatcherNames.License,
                ExpectedAttachType = AttachTypeXdp,
                Flags = (uint)(hasFrags ? ProgramFlags.Frags : ProgramFlags.None),
                Btf = btf,
                FunctionInfo = BtfExt.EncodeForKernel(generated.FuncInfo.AsSpan(), bigEndian),
            },
            generated.Program.Maps,
            new Dictionary<string, MapFd>(StringComparer.Ordinal) { [RecordingDispatcher.Map] = returned });
    }
}
