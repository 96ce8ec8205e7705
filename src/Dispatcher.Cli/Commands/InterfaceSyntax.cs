using Dispatcher.Cli.Errors;
using Dispatcher.Cli.Hosting;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>Interfaces as they are typed: a name, several apart by commas, patterns.</summary>
internal static class InterfaceSyntax
{
    private const string Wildcards = "*?";

    /// <summary>Whether this may mean several interfaces.</summary>
    public static bool IsListOrPattern(string typed) => typed.IndexOfAny([',', .. Wildcards]) >= 0;

    /// <summary>The names that are meant, without duplicates, in the order typed. What is the name of an interface is nothing else.</summary>
    /// <exception cref="UsageException">A name is empty.</exception>
    /// <exception cref="NotFoundException">A pattern means none.</exception>
    public static async Task<IReadOnlyList<string>> ExpandAsync(IChainHost host, string typed, CancellationToken cancellationToken)
    {
        if (typed.Length > 0 && (!IsListOrPattern(typed) || host.InterfaceNames.Contains(typed, StringComparer.Ordinal)))
            return [typed];
        var names = new List<string>();
        foreach (var part in typed.Split(','))
        {
            if (part.Length == 0 || part.Contains(' ', StringComparison.Ordinal))
                throw new UsageException($"'{Printable.Escape(typed)}' names an interface {(part.Length == 0 ? "without a name" : "with a space in its name")}", "write names apart by commas, without spaces");
            names.AddRange(part.IndexOfAny([.. Wildcards]) < 0 ? [part] : await FindAsync(host, part, cancellationToken));
        }

        return [.. names.Distinct(StringComparer.Ordinal)];
    }

    private static async Task<IReadOnlyList<string>> FindAsync(IChainHost host, string pattern, CancellationToken cancellationToken)
    {
        var found = await host.FindInterfacesAsync(pattern, cancellationToken);
        if (found.Count > 0)
            return found;
        var there = await host.FindInterfacesAsync("*", cancellationToken);
        var place = host.NetworkNamespace is { } network ? $"the network namespace '{Printable.Escape(network)}'" : "this network namespace";
        throw new NotFoundException($"No interface is called '{Printable.Escape(pattern)}' in {place}; there {(there.Count == 0 ? "are none" : $"are {HostHints.List(there)}")}.");
    }
}
