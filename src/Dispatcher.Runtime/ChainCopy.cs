using System.Collections.Immutable;
using System.Runtime.InteropServices;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Probing;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime;

/// <summary>The components of a chain in a dispatcher of our own, on no interface: packets are judged, and none is received or sent. Safe to use from several threads.</summary>
/// <remarks>
/// The components are those that run in the chain, not copies of them: they share their maps with it, so a packet that is
/// judged here is counted, learned or held against a limit there. They see it come in on the loopback interface. What is
/// redirected goes nowhere. The copy stays as it was made when the chain changes. Kernel: 5.10.
/// </remarks>
public sealed class ChainCopy : IDisposable
{
    private const int ShortestPacketBytes = 14;

    private readonly KernelPort _kernel;
    private readonly RecordedChain _chain;
    private readonly Lock _gate = new();

    internal ChainCopy(KernelPort kernel, string interfaceName, ChainSnapshot chain)
    {
        _kernel = kernel;
        Components = chain.ToStatus().Programs;
        _chain = RecordedChain.Load(kernel, interfaceName, chain);
    }

    /// <summary>The components in running order.</summary>
    public ImmutableArray<ComponentStatus> Components { get; }

    /// <summary>Has the components judge a packet, as the chain would. A longer one than a page holds comes in several buffers.</summary>
    /// <param name="packet">Ethernet header first, at least 14 bytes.</param>
    /// <exception cref="ArgumentException">It is shorter.</exception>
    /// <exception cref="RefusedException">It is longer than the kernel takes in a test run: about 3,500 bytes before Linux 5.18, 64 KiB later.</exception>
    /// <exception cref="KernelException">The test run failed.</exception>
    public JudgedPacket Judge(ReadOnlySpan<byte> packet)
    {
        if (packet.Length < ShortestPacketBytes)
            throw new ArgumentException($"A packet has at least {ShortestPacketBytes} bytes, not {packet.Length}.", nameof(packet));
        lock (_gate)
        {
            var (run, returned) = Run(packet);
            return new JudgedPacket(run.Verdict, returned, run.Packet);
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
            _chain.Dispose();
    }

    private (TestRunResult Run, ImmutableArray<uint> Returned) Run(ReadOnlySpan<byte> packet)
    {
        try
        {
            var run = _kernel.Bpf.TestRun(_chain.Program, packet);
            var record = MemoryMarshal.Cast<byte, ulong>(_kernel.Bpf.ReadFirstElement(_chain.Returned, Components.Length * sizeof(ulong)));
            return (run, RecordedChain.Read(record));
        }
        catch (KernelException tooLong) when (tooLong.Errno is Errno.EINVAL or Errno.EMSGSIZE or Errno.ENOMEM or Errno.ENOSPC)
        {
            throw new RefusedException($"A test run refuses this packet of {packet.Length} bytes ({ErrnoText.Of(tooLong.Errno)}); before Linux 5.18 it takes about 3,500 bytes, later 64 KiB.");
        }
    }
}

/// <summary>What a chain does with a packet.</summary>
/// <param name="Verdict">Of the chain; any number.</param>
/// <param name="Returned">What the components returned, by slot; the slots after the last of them did not run.</param>
/// <param name="Bytes">The packet afterwards.</param>
public sealed record JudgedPacket(uint Verdict, ImmutableArray<uint> Returned, ReadOnlyMemory<byte> Bytes);
