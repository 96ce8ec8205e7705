using System.Runtime.InteropServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>The functions of libbpf.so.1 that this project calls, as they are; the library is looked for at the first call.</summary>
internal static unsafe partial class Libbpf
{
    internal const string FileName = "libbpf.so.1";

    [LibraryImport(FileName, EntryPoint = "libbpf_set_print", SetLastError = true)]
    internal static partial nint SetPrint(nint callback);

    [LibraryImport(FileName, EntryPoint = "libbpf_version_string", SetLastError = true)]
    internal static partial nint VersionString();

    [LibraryImport(FileName, EntryPoint = "bpf_object__open_mem", SetLastError = true)]
    internal static partial nint OpenMemory(byte* bytes, nuint sizeBytes, LibbpfOpenOptions* options);

    [LibraryImport(FileName, EntryPoint = "bpf_object__load", SetLastError = true)]
    internal static partial int Load(LibbpfObject bpfObject);

    [LibraryImport(FileName, EntryPoint = "bpf_object__close", SetLastError = true)]
    internal static partial void Close(nint bpfObject);

    [LibraryImport(FileName, EntryPoint = "bpf_object__next_program", SetLastError = true)]
    internal static partial nint NextProgram(LibbpfObject bpfObject, nint program);

    [LibraryImport(FileName, EntryPoint = "bpf_program__name", SetLastError = true)]
    internal static partial nint ProgramName(nint program);

    [LibraryImport(FileName, EntryPoint = "bpf_program__fd", SetLastError = true)]
    internal static partial int ProgramFd(nint program);

    [LibraryImport(FileName, EntryPoint = "bpf_program__set_autoload", SetLastError = true)]
    internal static partial int SetAutoload(nint program, byte isLoaded);

    [LibraryImport(FileName, EntryPoint = "bpf_program__set_type", SetLastError = true)]
    internal static partial int SetType(nint program, uint type);

    [LibraryImport(FileName, EntryPoint = "bpf_program__set_expected_attach_type", SetLastError = true)]
    internal static partial int SetExpectedAttachType(nint program, uint type);

    [LibraryImport(FileName, EntryPoint = "bpf_program__set_attach_target", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int SetAttachTarget(nint program, int targetFd, string functionName);

    [LibraryImport(FileName, EntryPoint = "bpf_program__set_log_buf", SetLastError = true)]
    internal static partial int SetLogBuffer(nint program, byte* buffer, nuint sizeBytes);

    [LibraryImport(FileName, EntryPoint = "bpf_object__next_map", SetLastError = true)]
    internal static partial nint NextMap(LibbpfObject bpfObject, nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__name", SetLastError = true)]
    internal static partial nint MapName(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__type", SetLastError = true)]
    internal static partial uint MapType(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__fd", SetLastError = true)]
    internal static partial int MapFd(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__set_pin_path", SetLastError = true)]
    internal static partial int SetPinPath(nint map, nint path);

    [LibraryImport(FileName, EntryPoint = "bpf_map__key_size", SetLastError = true)]
    internal static partial uint MapKeySize(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__value_size", SetLastError = true)]
    internal static partial uint MapValueSize(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__max_entries", SetLastError = true)]
    internal static partial uint MapMaxEntries(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__map_flags", SetLastError = true)]
    internal static partial uint MapFlags(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__btf_key_type_id", SetLastError = true)]
    internal static partial uint MapKeyTypeId(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__btf_value_type_id", SetLastError = true)]
    internal static partial uint MapValueTypeId(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__is_internal", SetLastError = true)]
    internal static partial byte IsInternalMap(nint map);

    [LibraryImport(FileName, EntryPoint = "bpf_map__reuse_fd", SetLastError = true)]
    internal static partial int ReuseMap(nint map, int fd);
}

/// <summary><c>struct bpf_object_open_opts</c>, up to the folder for pins.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct LibbpfOpenOptions
{
    public nuint SizeBytes;
    public nint ObjectName;
    public byte RelaxedMaps;
    public byte Padding1;
    public ushort Padding2;
    public uint Padding3;
    public nint PinRootPath;
}

/// <summary>An open <c>struct bpf_object</c>, closed once; closing it closes the fds inside it.</summary>
internal sealed class LibbpfObject : SafeHandle
{
    /// <summary>Owns the object from here on.</summary>
    public LibbpfObject(nint bpfObject)
        : base(0, ownsHandle: true) => SetHandle(bpfObject);

    /// <inheritdoc/>
    public override bool IsInvalid => handle == 0;

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Libbpf.Close(handle);
        return true;
    }
}
