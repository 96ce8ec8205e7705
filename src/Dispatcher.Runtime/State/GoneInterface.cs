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
        var text = $"The interface {Printable.Escape(last.Name)} (ifindex {last.Index}) is gone; nothing was changed.";
        return new NotFoundException(FindElsewhere(kernel, last) is { } place
            ? $"{text} An interface like it is in the network namespace {Printable.Escape(place)} now; if it moved there, name that namespace (--netns)."
            : text);
    }

    // Another namespace may well have an interface of the same name and number, so a program in common weighs more.
    private static string? FindElsewhere(KernelPort kernel, InterfaceReading last)
    {
        try
        {
            var others = kernel.Host.ReadNamespaces().Namespaces.Where(network => network.Name is not null).ToList();
            return (others.FirstOrDefault(network => network.Interfaces.Any(other => IsNamesake(other, last) && HasProgramOf(other, last)))
                ?? others.FirstOrDefault(network => network.Interfaces.Any(other => other.Index == last.Index && other.Name == last.Name)))?.Name;
        }
        catch (DispatcherException)
        {
            return null;
        }
    }

    private static bool IsNamesake(InterfaceReading other, InterfaceReading last) => other.Index == last.Index || other.Name == last.Name;

    private static bool HasProgramOf(InterfaceReading other, InterfaceReading last) =>
        other.Attached.Any(program => last.Attached.Any(known => known.ProgramId == program.ProgramId));
}
