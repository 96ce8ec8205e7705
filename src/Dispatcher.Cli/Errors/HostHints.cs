using Dispatcher.Cli.Commands;
using Dispatcher.Cli.Hosting;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Errors;

/// <summary>What only the tool can add to an error: names that exist here, and who is asking.</summary>
internal static class HostHints
{
    private const int MostNamesListed = 20;

    /// <summary>Runs a request about one interface; a missing interface and a missing permission get a hint.</summary>
    public static async Task<T> WithHintsAsync<T>(this IChainHost host, string? interfaceName, Func<Task<T>> request)
    {
        try
        {
            return await request();
        }
        catch (NotFoundException e) when (interfaceName is not null && HintFor(host, interfaceName, e) is { } hint)
        {
            throw new HintedException(e, hint);
        }
        catch (ForeignProgramException e) when (NamespaceHint(host) is { } hint)
        {
            throw new HintedException(e, hint);
        }
        catch (VerifierException e) when (e.Message.Contains("device-bound", StringComparison.Ordinal))
        {
            throw new HintedException(e, "--device-bound binds a program to its interface, and all of the chain must be bound then; Linux 6.3");
        }
        catch (OperationCanceledException e) when (interfaceName is not null)
        {
            throw new HintedException(e, $"'xdp-dispatch status {interfaceName}' shows what the interface carries now");
        }
        catch (KernelException e) when (e is { Advice: null, IsPermissionDenied: true } and not VerifierException)
        {
            throw new HintedException(e, PermissionHint(host));
        }
    }

    private static string? HintFor(IChainHost host, string interfaceName, NotFoundException missing)
    {
        if (missing.FoundInNamespace is { } network)
            return $"add --netns {Printable.Escape(network)}";
        if (missing.MissingInterface is not null)
            return InterfaceHint(host, interfaceName, missing.Message);
        return missing.MissingFile is { } file && host.InterfaceNames.Contains(file, StringComparer.Ordinal) ? SecondInterfaceHint(interfaceName, file) : null;
    }

    // What stands where an object file belongs is an interface.
    private static string SecondInterfaceHint(string interfaceName, string second) => IsObject(interfaceName)
        ? $"'{second}' is an interface, which comes before object files: {second} {Printable.Escape(interfaceName)}"
        : $"'{second}' is an interface; several are written as one word: {Printable.Escape(interfaceName)},{second}";

    /// <summary>What advice about an interface of another network namespace leaves out. Null: none was named.</summary>
    public static string? NamespaceHint(IChainHost host) => host.NetworkNamespace is { } network
        ? $"commands that do not name network namespace {Printable.Escape(network)} are to be run in it"
        : null;

    /// <summary>The name that may have been meant, and the names that exist unless the message lists them.</summary>
    /// <returns>Null when there is such an interface, and when there is nothing to add.</returns>
    public static string? InterfaceHint(IChainHost host, string interfaceName, string message)
    {
        var names = host.InterfaceNames;
        if (names.Count == 0 || names.Contains(interfaceName, StringComparer.Ordinal))
            return null;
        if (IsObject(interfaceName))
            return $"'{Printable.Escape(interfaceName)}' stands where the interface belongs, which comes before object files. {ListOf(host)}";
        if (InterfaceSyntax.IsListOrPattern(interfaceName))
            return "this verb takes the name of one interface; lists and patterns are for status and for the verbs that change chains";
        var close = NameSuggestion.Closest(interfaceName, names) is { } name ? $"did you mean '{name}'?" : null;
        if (names.All(n => message.Contains(n, StringComparison.Ordinal)))
            return close;
        return close is null ? ListOf(host) : $"{close} {ListOf(host)}";
    }

    /// <summary>The names that exist; null: they are not known.</summary>
    public static string? ListOf(IChainHost host)
    {
        var names = host.InterfaceNames;
        return names.Count == 0 ? null : $"interfaces here: {List(names)}";
    }

    /// <summary>Names, not too many of them.</summary>
    public static string List(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MostNamesListed).Select(Printable.Escape)) + (names.Count > MostNamesListed ? $" and {names.Count - MostNamesListed} more" : "");

    /// <summary>Whether a word stands for a file rather than for an interface.</summary>
    public static bool IsObject(string word) => word.EndsWith(".o", StringComparison.Ordinal) || word.Contains('/', StringComparison.Ordinal);

    private static string PermissionHint(IChainHost host) => host.IsRoot
        ? "the kernel refuses this even to root here (a container, lockdown, or a kernel without it); 'xdp-dispatch doctor' shows what is allowed"
        : "run it as root, or give it CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON, CAP_SYS_ADMIN and CAP_DAC_OVERRIDE";
}
