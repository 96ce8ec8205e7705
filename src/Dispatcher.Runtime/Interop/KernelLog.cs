using System.Runtime.InteropServices;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>A native buffer that the kernel writes a log into, ended by a NUL.</summary>
/// <remarks>Not zeroed: of a large buffer that is nearly always empty that would be most of the time of an attach.</remarks>
internal sealed unsafe class KernelLog : IDisposable
{
    internal const int DefaultSizeBytes = 64 * 1024;
    internal const int Growth = 16;
    internal const int MaxSizeBytes = 16 * 1024 * 1024;

    public KernelLog(int sizeBytes = DefaultSizeBytes)
    {
        SizeBytes = sizeBytes;
        Start = (byte*)NativeMemory.Alloc((nuint)sizeBytes);
        (Start[0], Start[sizeBytes - 1]) = (0, 0);
    }

    /// <summary>First byte, valid until disposed.</summary>
    public byte* Start { get; private set; }

    /// <summary>Room in bytes.</summary>
    public int SizeBytes { get; }

    /// <summary>What was written, up to the first NUL.</summary>
    public string Text
    {
        get
        {
            var bytes = new ReadOnlySpan<byte>(Start, SizeBytes);
            var end = bytes.IndexOf((byte)0);
            return Encoding.UTF8.GetString(end < 0 ? bytes : bytes[..end]);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        NativeMemory.Free(Start);
        Start = null;
    }
}
