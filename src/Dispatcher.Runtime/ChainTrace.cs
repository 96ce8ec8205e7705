using System.Collections.Immutable;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.Probing;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime;

/// <summary>Records packets with the component that ended their way through one chain, until it is disposed. Safe to use from several threads.</summary>
/// <remarks>
/// As <see cref="ChainStatistics"/>: tracing programs at the end of each component, nothing pinned, the dispatcher is not
/// touched. The chain is looked at again twice a second while somebody reads; until then packets are recorded for the
/// slots as they were, and a newcomer's are not.
/// Kernel: 5.10. Needs CAP_BPF, CAP_PERFMON and CAP_NET_ADMIN.
/// </remarks>
public sealed class ChainTrace : IDisposable
{
    private const int RingSizeBytes = 1 << 22;
    private const int MostAtOnce = 256;
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(500);

    private readonly KernelPort _kernel;
    private readonly ChainQuery _query;
    private readonly InterfaceReading _target;
    private readonly TraceOptions _options;
    private readonly ProbeSet<SampledComponent> _probes = new();
    private readonly Dictionary<ProgramId, string> _names = [];
    private readonly Dictionary<SlotOfProgram, PacketEnd> _ends = [];
    private readonly Dictionary<string, MapFd> _maps = new(StringComparer.Ordinal);
    private readonly Lock _gate = new();
    private readonly long _clockOffsetNs;
    private readonly IRing _ring;
    private TimeSpan _lastLook;
    private ProgramId? _dispatcher;
    private bool? _toldRecording;
    private bool _isDisposed;

    internal ChainTrace(KernelPort kernel, ChainQuery query, InterfaceReading target, TraceOptions options)
    {
        _kernel = kernel;
        _query = query;
        _target = target;
        _options = options;
        _clockOffsetNs = kernel.Probes.ReadClockOffsetNs();
        try
        {
            _maps.Add(PacketSampler.Ring, kernel.Probes.CreateMap(ProbeMapKind.Ring, PacketSampler.Ring, RingSizeBytes));
            _maps.Add(PacketSampler.Lost, kernel.Probes.CreateMap(ProbeMapKind.PerCpuArray, PacketSampler.Lost, sizeof(ulong)));
            _ring = kernel.Probes.OpenRing(_maps[PacketSampler.Ring], RingSizeBytes);
        }
        catch
        {
            DisposeMaps();
            throw;
        }
    }

    /// <summary>Waits for packets and returns them.</summary>
    /// <param name="cancellationToken">Stops waiting; what is recorded stays for the next reading.</param>
    /// <returns>At least one packet, or none when recording has just begun or ended: with the trace, or since a chain came or went.</returns>
    /// <exception cref="NotFoundException">The interface is gone.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">Another chain, which is broken, took the place of the one that is recorded.</exception>
    /// <exception cref="KernelException">A component cannot be watched.</exception>
    /// <exception cref="ObjectDisposedException">It is disposed.</exception>
    public Task<TracedPackets> ReadAsync(CancellationToken cancellationToken = default) =>
        Task.Run(() => Read(cancellationToken), cancellationToken);

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_isDisposed)
                return;
            _isDisposed = true;
            _probes.Dispose();
            _ring.Dispose();
            DisposeMaps();
        }
    }

    /// <summary>Reads the chain and records what it has now.</summary>
    internal void Look(CancellationToken cancellationToken)
    {
        try
        {
            LookAt(cancellationToken);
        }
        catch (BrokenChainException broken) when (broken.Chain.DispatcherId == _dispatcher)
        {
            // It lost pins, and what runs of it is recorded on.
            _lastLook = _kernel.Pace.Now;
        }
    }

    private void LookAt(CancellationToken cancellationToken)
    {
        using var chain = _query.ReadChain(_target, cancellationToken);
        ImmutableArray<AttachedComponent> components = chain is null ? [] : chain.Components;
        ImmutableArray<Slot> slots = chain is null ? [] : chain.Config.Slots;
        _probes.Follow(components, (probe, slot) => probe.Plan == PlanOf(components[slot], slots, slot), Start);
        _dispatcher = chain?.Info.Id;
        _lastLook = _kernel.Pace.Now;

        SampledComponent Start(AttachedComponent component, int slot)
        {
            _names[component.Info.Id] = component.Name;
            _ends[new SlotOfProgram(component.Info.Id, slot)] = PacketEnd.Of(slots, slot);
            return SampledComponent.Start(_kernel, component, PlanOf(component, slots, slot), _maps);
        }
    }

    private SamplerPlan PlanOf(AttachedComponent component, ImmutableArray<Slot> slots, int slot) => new(
        component.Info.Id.Value, slot, PacketEnd.Of(slots, slot).Select(_options.Verdicts), _options.SampleOneIn, _options.SnapBytes);

    private TracedPackets Read(CancellationToken cancellationToken)
    {
        while (true)
        {
            lock (_gate)
            {
                ObjectDisposedException.ThrowIf(_isDisposed, this);
                // Described before a look, which may put another policy in the place of theirs.
                var packets = _ring.Take(MostAtOnce).Select(Describe).ToImmutableArray();
                if (_kernel.Pace.Now - _lastLook >= BetweenLooks)
                    Look(cancellationToken);
                var isRecording = _dispatcher is not null;
                if (!packets.IsEmpty || isRecording != _toldRecording)
                {
                    _toldRecording = isRecording;
                    return new TracedPackets(packets, SumLost()) { IsRecording = isRecording };
                }
            }

            _kernel.Pace.Wait(Pause, cancellationToken);
        }
    }

    private TracedPacket Describe(byte[] bytes)
    {
        var record = PacketRecord.Read(bytes);
        var verdict = _ends[new SlotOfProgram(record.Component, record.Slot)].VerdictAfter(record.Returned) ?? record.Returned;
        return new TracedPacket(
            record.MonotonicNs + _clockOffsetNs, record.Slot, record.Component, _names[record.Component], record.Returned, verdict,
            record.LengthBytes, record.Packet);
    }

    private ulong SumLost()
    {
        var sum = 0ul;
        var perCpu = _kernel.Probes.ReadPerCpu(_maps[PacketSampler.Lost], sizeof(ulong));
        for (var offset = 0; offset < perCpu.Length; offset += sizeof(ulong))
            sum += BitConverter.ToUInt64(perCpu, offset);
        return sum;
    }

    private void DisposeMaps()
    {
        foreach (var map in _maps.Values)
            map.Dispose();
    }

    private readonly record struct SlotOfProgram(ProgramId Program, int Slot);
}
