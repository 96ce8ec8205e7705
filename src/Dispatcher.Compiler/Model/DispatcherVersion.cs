namespace Dispatcher.Compiler.Model;

/// <summary>The protocol version a dispatcher speaks; the value stands in its BTF marker.</summary>
/// <remarks>Source: docs/protocol.md. libxdp up to 1.2 writes 1, 1.3 to 1.5 write 2, 1.6 writes 3.</remarks>
public enum DispatcherVersion
{
    /// <summary>Config of 84 bytes without magic or program flags.</summary>
    V1 = 1,

    /// <summary>Config of 124 bytes; adds magic, version byte and frags.</summary>
    V2 = 2,

    /// <summary>Config of 128 bytes; adds device binding.</summary>
    V3 = 3,
}
