using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Elf;

namespace Dispatcher.Runtime;

/// <summary>A BPF object as a compiler made it: reads a file whole, whatever the path turns out to name, and takes its format apart.</summary>
/// <param name="Elf">Sections, symbols and relocations.</param>
/// <param name="Btf">Its types; null: it has none.</param>
public sealed record BpfObjectFile(ElfObject Elf, BtfData? Btf)
{
    internal const string HowToCompile = "compile it with clang -O2 -g -target bpf -mcpu=v3 -I/usr/include/$(uname -m)-linux-gnu -c SOURCE.c -o OBJECT.o";

    private const int LargestMebibytes = 64;
    private const int LargestBytes = LargestMebibytes << 20;

    // First guess where a file does not say how long it is, as a pipe.
    private const int UsualBytes = 16 << 10;

    /// <summary>Reads it; a named pipe is waited for, and one that never ends, as a device, is read no further than 64 MiB.</summary>
    /// <param name="path">Path of the file.</param>
    /// <exception cref="NotFoundException">No such file.</exception>
    /// <exception cref="ComponentException">A folder, larger than 64 MiB, or it cannot be read.</exception>
    public static ReadOnlyMemory<byte> Read(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        try
        {
            return Directory.Exists(path)
                ? throw new ComponentException($"'{Printable.Escape(path)}' is a folder; name an object file in it.")
                : ReadBounded(path);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new NotFoundException($"There is no file '{Printable.Escape(path)}'; check the path.") { MissingFile = path };
        }
        catch (UnauthorizedAccessException denied)
        {
            throw new ComponentException($"'{Printable.Escape(path)}' cannot be read: permission denied.", null, denied);
        }
        catch (IOException unreadable)
        {
            throw new ComponentException($"'{Printable.Escape(path)}' cannot be read: {unreadable.Message}", null, unreadable);
        }
    }

    /// <summary>Takes an object apart; every error names it and says how to make a good one.</summary>
    /// <param name="bytes">The whole file.</param>
    /// <param name="objectName">For messages.</param>
    /// <exception cref="ComponentException">Not an ELF object, one for another machine, or one that breaks the rules of its format.</exception>
    public static BpfObjectFile Parse(ReadOnlyMemory<byte> bytes, string objectName)
    {
        var label = $"'{Printable.Escape(objectName)}'";
        try
        {
            RequireBpf(bytes.Span, label);
            var elf = ElfReader.Read(bytes);
            return new BpfObjectFile(elf, elf.FindSection(".BTF") is { } section ? BtfData.Read(section.Data.Span) : null);
        }
        catch (MalformedObjectException malformed)
        {
            throw Unusable(objectName, malformed);
        }
    }

    /// <summary>The error for an object that breaks a rule.</summary>
    internal static ComponentException Unusable(string objectName, MalformedObjectException malformed) =>
        new($"'{Printable.Escape(objectName)}' cannot be used: {malformed.Message} To mend it, {HowToCompile}.", null, malformed);

    private static void RequireBpf(ReadOnlySpan<byte> bytes, string label)
    {
        if (bytes.IsEmpty)
            throw new ComponentException($"{label} is empty; {HowToCompile}.");
        if (!bytes.StartsWith("\u007fELF"u8))
            throw new ComponentException($"{label} is not an ELF object; {HowToCompile}.");
        if (ElfReader.ReadHeader(bytes) is { Machine: not ElfMachine.Bpf } header)
            throw new ComponentException($"{label} is an ELF object for {header.Machine.DisplayName()}, not for BPF; {HowToCompile}.");
    }

    private static ReadOnlyMemory<byte> ReadBounded(string path)
    {
        using var file = new FileStream(path, new FileStreamOptions { Share = FileShare.ReadWrite | FileShare.Delete, BufferSize = 0 });
        var content = new byte[BufferFor(file.CanSeek && file.Length > 0 ? file.Length : UsualBytes)];
        for (var length = 0; ;)
        {
            var count = file.Read(content, length, content.Length - length);
            if (count == 0)
                return content.AsMemory(0, length);
            length += count;
            if (length > LargestBytes)
                throw new ComponentException($"'{Printable.Escape(path)}' is larger than {LargestMebibytes} MiB; no object file is.");
            if (length == content.Length)
                Array.Resize(ref content, BufferFor(2L * length));
        }
    }

    // One more than what is expected, to see the end in the same buffer.
    private static int BufferFor(long expectedBytes) => (int)Math.Min(expectedBytes, LargestBytes) + 1;
}
