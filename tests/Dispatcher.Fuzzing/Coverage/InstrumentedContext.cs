using System.Reflection;
using System.Runtime.Loader;

namespace Dispatcher.Fuzzing.Coverage;

/// <summary>A second copy of this program in the same process, over instrumented readers.</summary>
/// <param name="readers">The instrumented assemblies by name.</param>
internal sealed class InstrumentedContext(IReadOnlyDictionary<string, byte[]> readers) : AssemblyLoadContext("instrumented")
{
    private static readonly Assembly Own = typeof(InstrumentedContext).Assembly;

    /// <summary>Instruments the assemblies of src and runs a static method of the copy.</summary>
    /// <param name="type">Type of the method.</param>
    /// <param name="method">Takes the arguments, types and places of branches; returns an exit code.</param>
    /// <param name="arguments">Of the command line.</param>
    public static int Run(Type type, string method, string[] arguments)
    {
        var instrumenter = new Instrumenter();
        var readers = new Dictionary<string, byte[]>(StringComparer.Ordinal);
        foreach (var name in new[] { "Dispatcher.Compiler", "Dispatcher.Runtime", "xdp-dispatch" })
            readers[name] = instrumenter.Rewrite(Path.Combine(AppContext.BaseDirectory, name + ".dll"));
        var copy = new InstrumentedContext(readers).LoadFromAssemblyName(Own.GetName());
        var entry = copy.GetType(type.FullName!)!.GetMethod(method, BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.Public)!;
        return (int)entry.Invoke(null, BindingFlags.DoNotWrapExceptions, null, [arguments, instrumenter.Types, instrumenter.Places], null)!;
    }

    /// <inheritdoc/>
    protected override Assembly? Load(AssemblyName assemblyName)
    {
        if (assemblyName.Name is { } name && readers.TryGetValue(name, out var bytes))
            return LoadFromStream(new MemoryStream(bytes));
        return assemblyName.Name == Own.GetName().Name ? LoadFromAssemblyPath(Own.Location) : null;
    }
}
