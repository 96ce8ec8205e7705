using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Explains that an interface is gone: deleted, or now in another network namespace.</summary>
internal static class GoneInterface
{
    /// <summary>Describes it; looks into other namespaces, and keeps what cannot be seen to itself.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="last">The interface as it was seen last.</param>
    public static NotFoundException Describe(KernelPort kernel, InterfaceReading last)
    {
        var text = $"The interface {Printable.Escape(last.Name)} (ifindex {last.Index}) is gone.";
        return new NotFoundException(FindElsewhere(kernel, last.Index, last.Name, [.. last.Attached.Select(program => program.ProgramId)]) is { } place
            ? $"{text} An interface like it is in the network namespace {Printable.Escape(place)} now; if it moved there, name that namespace (XdpDispatcherOptions.NetworkNamespace)."
            : text);
    }

    /// <summary>Names a network namespace that has an interface like the one that left. Null: none is seen.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="last">The hook as it was seen last.</param>
    /// <param name="newIndex">Its index there; null: not known, most likely the same.</param>
    public static string? FindElsewhere(KernelPort kernel, HookStatus last, int? newIndex) =>
        FindElsewhere(kernel, newIndex ?? last.InterfaceIndex, last.InterfaceName, last.Attached is { } id ? [id] : []);

    /// <summary>Names a network namespace that has an interface of this name. Null: none is seen.</summary>
    public static string? FindByName(KernelPort kernel, string name) =>
        ReadOthers(kernel).FirstOrDefault(network => network.Interfaces.Any(other => other.Name == name))?.Name;

    // Another namespace may well have an interface of the same name and number, so a program in common weighs more.
    private static string? FindElsewhere(KernelPort kernel, int index, string name, ImmutableArray<ProgramId> programs)
    {
        var others = ReadOthers(kernel);
        return (others.FirstOrDefault(network => network.Interfaces.Any(
            other => (other.Index == index || other.Name == name) && other.Attached.Any(attached => programs.Contains(attached.ProgramId))))
            ?? others.FirstOrDefault(network => network.Interfaces.Any(other => other.Index == index && other.Name == name)))?.Name;
    }

    private static List<NamespaceHooks> ReadOthers(KernelPort kernel)
    {
        try
        {
            return [.. kernel.Host.ReadNamespaces().Namespaces.Where(network => network.Name is not null)];
        }
        catch (DispatcherException)
        {
            return [];
        }
    }
}
