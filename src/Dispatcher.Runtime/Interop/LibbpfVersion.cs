using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Whether libbpf is there, asked once.</summary>
internal static class LibbpfVersion
{
    private static readonly Lazy<string?> Found = new(Read);

    /// <summary>For example <c>v1.1</c>; null: libbpf.so.1 is not installed.</summary>
    public static string? Current => Found.Value;

    /// <summary>Throws when it is not there.</summary>
    /// <exception cref="ComponentException">libbpf.so.1 is not installed.</exception>
    public static void Require()
    {
        if (Current is null)
            throw new ComponentException($"ELF components are loaded with libbpf, and {Libbpf.FileName} is not on this machine; install it (Debian, Ubuntu: apt install libbpf1; Fedora: dnf install libbpf).");
    }

    private static string? Read() => NativeLibrary.TryLoad(Libbpf.FileName, typeof(Libbpf).Assembly, null, out _)
        ? Marshal.PtrToStringUTF8(Libbpf.VersionString())
        : null;
}
