using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;

namespace Dispatcher.Runtime.Interop;

/// <summary>Catches what libbpf says on this thread until disposed.</summary>
/// <remarks>
/// libbpf has one print function per process. Ours is set once and keeps the one before it: a thread that catches
/// nothing is passed on to that one, so another user of libbpf in the process sees its own messages as before.
/// </remarks>
internal sealed unsafe class LibbpfLog : IDisposable
{
    private const int MaxMessageBytes = 16 * 1024;
    private const int MaxLogChars = 1024 * 1024;
    private const int DebugLevel = 2;
    private const string UnfitPin = "couldn't reuse pinned map at '";

    private static readonly Lock Gate = new();
    private static bool s_isInstalled;
    private static delegate* unmanaged[Cdecl]<int, byte*, nint, int> s_previous;

    [ThreadStatic]
    private static LibbpfLog? t_current;

    private readonly StringBuilder _text = new();

    /// <summary>Begins to catch.</summary>
    public LibbpfLog()
    {
        lock (Gate)
        {
            if (!s_isInstalled)
            {
                delegate* unmanaged[Cdecl]<int, byte*, nint, int> print = &Print;
                s_previous = (delegate* unmanaged[Cdecl]<int, byte*, nint, int>)Libbpf.SetPrint((nint)print);
                s_isInstalled = true;
            }
        }

        t_current = this;
    }

    /// <summary>Messages so far, without those for debugging.</summary>
    public string Text => _text.ToString();

    /// <summary>Path of the pin that libbpf could not take over; null: none is told.</summary>
    public string? PinThatDoesNotFit
    {
        get
        {
            var text = Text;
            var start = text.IndexOf(UnfitPin, StringComparison.Ordinal);
            return start < 0 ? null : text[(start + UnfitPin.Length)..].Split('\'')[0];
        }
    }

    /// <summary>The last message that gives a reason, else the last one, or null.</summary>
    public string? LastUsefulLine
    {
        get
        {
            var lines = Text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return lines.LastOrDefault(line => !line.StartsWith("libbpf: failed to load ", StringComparison.Ordinal)) ?? lines.LastOrDefault();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => t_current = null;

    /// <param name="level">0 warning, 1 info, 2 debug.</param>
    /// <param name="format">printf format.</param>
    /// <param name="arguments">
    /// A <c>va_list</c>. On x86-64 it is an array, on arm64 a struct of 32 bytes; both calling conventions pass its
    /// address, and vsnprintf takes the same, so the address is all we need.
    /// </param>
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int Print(int level, byte* format, nint arguments)
    {
        if (t_current is not { } log)
            return s_previous is null ? 0 : s_previous(level, format, arguments);
        if (level >= DebugLevel || log._text.Length >= MaxLogChars)
            return 0;
        var buffer = stackalloc byte[MaxMessageBytes];
        var length = Libc.FormatArguments(buffer, MaxMessageBytes, format, arguments);
        if (length > 0)
            log._text.Append(Encoding.UTF8.GetString(buffer, Math.Min(length, MaxMessageBytes - 1)));
        return 0;
    }
}
