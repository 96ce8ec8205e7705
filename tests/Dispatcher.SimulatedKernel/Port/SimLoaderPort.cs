using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Kernel;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>What libbpf does for a component, in one step: nothing of it touches anything shared.</summary>
internal sealed class SimLoaderPort(SimProcess process) : SimPort(process), IComponentLoader
{
    private const int MapValueSize = 8;

    public LoadedElf Load(ElfLoadRequest request)
    {
        try
        {
            Process.Enter(nameof(Load), $"{request.ObjectName} {request.FunctionName}");
            var elf = ElfReader.Read(request.Object);
            var synthesised = ComponentBtf.Synthesise(request.FunctionName);
            var btf = SimBtf.Load(Kernel, synthesised.Btf.Encode(!BitConverter.IsLittleEndian));
            using var btfFd = Process.Open(btf);
            var program = SimProgram.LoadInto(Kernel, Describe(request, elf, btf, synthesised.Function.Value));
            var fd = new ProgramFd(Process.Open(program));
            return new LoadedElf(fd, MakeMaps(elf, program, request.ChooseMaps));
        }
        catch (SysError error) when (error.Text is not null)
        {
            throw new VerifierException(request.FunctionName, error.Errno, error.Text);
        }
        catch (SysError error)
        {
            throw new KernelException($"{nameof(Load)}({request.ObjectName})", error.Errno);
        }
        catch (MalformedObjectException malformed)
        {
            throw new ComponentException(malformed.Message, null, malformed);
        }
    }

    private SimLoad Describe(ElfLoadRequest request, ElfObject elf, SimBtf btf, uint functionTypeId)
    {
        var symbol = elf.Symbols.FirstOrDefault(candidate => candidate.Name == request.FunctionName && candidate.Section is not null)
            ?? throw new ComponentException($"'{request.ObjectName}' has no function '{request.FunctionName}'.");
        var target = Process.Resolve<SimProgram>(request.Target);
        var function = target.Btf?.Data.Find(BtfKind.Func, request.TargetFunction)
            ?? throw new ComponentException($"The target has no function '{request.TargetFunction}'.");
        return new SimLoad(
            ProgramType.Ext, SimLoad.Cut(request.FunctionName),
            symbol.Section!.Data.Slice((int)symbol.Value, (int)symbol.Size).ToArray(), 0, 0, btf, [functionTypeId], target, function.Value, null);
    }

    // Every map is an array of one entry of eight bytes: what matters here is that it lives as long as its program.
    private ImmutableSortedDictionary<string, MapFd> MakeMaps(ElfObject elf, SimProgram program, ChooseMaps? choose)
    {
        var names = elf.Symbols.Where(symbol => symbol.Section?.Name == ".maps" && symbol.Type == ElfSymbolType.Object).Select(symbol => symbol.Name).ToList();
        var existing = choose?.Invoke([.. names.Select(name => new MapDefinition(name, SimBpfPort.ArrayMapType, sizeof(uint), MapValueSize, 1, 0, 0, 0, false))]);
        var maps = ImmutableSortedDictionary.CreateBuilder<string, MapFd>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            var map = existing is not null && existing.TryGetValue(name, out var taken)
                ? Process.Resolve<SimMap>(taken)
                : SimMap.Create(Kernel, SimLoad.Cut(name), MapValueSize, null, 0);
            maps.Add(name, new MapFd(Process.Open(map)));
            program.Bind(map);
        }

        return maps.ToImmutable();
    }
}
