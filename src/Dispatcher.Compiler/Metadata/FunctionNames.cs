using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Metadata;

/// <summary>The full name of a program of which the kernel keeps only the start.</summary>
public static class FunctionNames
{
    /// <summary>Characters of a program name that the kernel keeps: BPF_OBJ_NAME_LEN less the NUL.</summary>
    public const int KernelLength = 15;

    /// <summary>Finds the full name in the BTF of the program.</summary>
    /// <param name="kernelName">Program name as the kernel gives it.</param>
    /// <param name="btf">BTF of the program; null when it has none.</param>
    /// <returns>The function of that name, or the only one that starts with it when it may be cut; else the name itself.</returns>
    public static string Expand(string kernelName, BtfData? btf)
    {
        ArgumentNullException.ThrowIfNull(kernelName);
        if (btf is null || kernelName.Length < KernelLength || btf.Find(BtfKind.Func, kernelName) is not null)
            return kernelName;
        string? found = null;
        foreach (var type in btf.Types)
        {
            if (type.Kind != BtfKind.Func || !type.Name.StartsWith(kernelName, StringComparison.Ordinal) || type.Name == found)
                continue;
            if (found is not null)
                return kernelName;
            found = type.Name;
        }

        return found ?? kernelName;
    }
}
