using System.Collections.Immutable;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>Looks for the pins of one link or program on the BPF file systems that are mounted here, within bounds.</summary>
/// <param name="kernel">The port.</param>
/// <param name="link">The link that is looked for; null: the program is.</param>
/// <param name="program">The program that is looked for when there is no link.</param>
internal sealed class PinSearch(KernelPort kernel, LinkId? link, ProgramId program)
{
    private const int MaxEntries = 4_000;
    private const int MaxDepth = 8;

    private readonly ImmutableArray<string>.Builder _found = ImmutableArray.CreateBuilder<string>();
    private int _left = MaxEntries;

    /// <summary>Paths of its pins; a file system mounted twice shows them twice.</summary>
    /// <exception cref="KernelException">The mounts cannot be read.</exception>
    public ImmutableArray<string> Run()
    {
        foreach (var mount in kernel.Files.Mounts().Distinct(StringComparer.Ordinal))
            Visit(mount, 0);
        return _found.ToImmutable();
    }

    private void Visit(string path, int depth)
    {
        if (_left-- <= 0)
            return;
        if (Ask(() => kernel.Files.List(path)) is { } names)
        {
            foreach (var name in depth < MaxDepth ? names : [])
                Visit($"{path.TrimEnd('/')}/{name}", depth + 1);
        }
        else if (Ask<bool?>(() => IsMeant(path)) is true)
        {
            _found.Add(path);
        }
    }

    private bool IsMeant(string path)
    {
        if (link is not null)
        {
            using var pinned = kernel.Files.OpenLink(path);
            return pinned is not null && kernel.Bpf.GetInfo(pinned).Id == link;
        }

        using var pin = kernel.Files.OpenProgram(path);
        return pin is not null && kernel.Bpf.GetInfo(pin).Id == program;
    }

    // What is of another kind, or not to be read, is not what we look for.
    private static T? Ask<T>(Func<T?> question)
    {
        try
        {
            return question();
        }
        catch (KernelException)
        {
            return default;
        }
    }
}
