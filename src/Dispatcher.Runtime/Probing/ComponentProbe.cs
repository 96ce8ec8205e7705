using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Probing;

/// <summary>A tracing program that runs whenever a component returns; disposing it takes it off.</summary>
internal sealed class ComponentProbe : IDisposable
{
    private const uint AttachTypeFexit = 25;
    private const string License = "GPL";

    private readonly ProgramFd _program;
    private readonly LinkFd _link;

    private ComponentProbe(ProgramFd program, LinkFd link)
    {
        _program = program;
        _link = link;
    }

    /// <summary>Loads a program and starts it at the end of a component.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="component">The component; its fd is needed only for the call.</param>
    /// <param name="code">One function that takes the context of fexit.</param>
    /// <param name="maps">The maps of the code by name; borrowed.</param>
    /// <exception cref="RefusedException">The component has no BTF.</exception>
    /// <exception cref="KernelException">The kernel lets nobody, or not us, watch it.</exception>
    public static ComponentProbe Start(KernelPort kernel, AttachedComponent component, BpfProgram code, IReadOnlyDictionary<string, MapFd> maps)
    {
        var function = kernel.Probes.ReadEntryTypeId(component.Program) ?? throw new RefusedException(
            $"Program {component.Info.Id} '{Printable.Escape(component.Name)}' has no BTF, so the kernel cannot watch it.");
        var program = kernel.Probes.LoadProgram(
            new ProgramLoadRequest
            {
                Type = ProgramType.Tracing,
                Name = code.Functions[0].Name,
                Instructions = BpfEncoding.Encode(code.Instructions.AsSpan(), !BitConverter.IsLittleEndian),
                License = License,
                ExpectedAttachType = AttachTypeFexit,
                AttachTarget = component.Program,
                AttachBtfTypeId = function,
            },
            code.Maps,
            maps);
        try
        {
            return new ComponentProbe(program, kernel.Probes.StartProbe(program));
        }
        catch
        {
            program.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _link.Dispose();
        _program.Dispose();
    }
}
