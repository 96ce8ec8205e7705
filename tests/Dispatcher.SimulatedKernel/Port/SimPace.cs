using System.Globalization;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.SimulatedKernel.Port;

/// <summary>The clock of the simulated machine; waiting takes no time here, and chance is the same in every run.</summary>
internal sealed class SimPace(SimProcess process) : SimPort(process), IPace
{
    private ulong _state = 0x9E3779B97F4A7C15ul * (ulong)process.Pid;

    public TimeSpan Now => Kernel.Clock;

    public DateTimeOffset UtcNow => DateTimeOffset.UnixEpoch + Kernel.Clock;

    public void Wait(TimeSpan duration, CancellationToken cancellationToken)
    {
        Call(nameof(Wait), duration.TotalMilliseconds.ToString("0.###", CultureInfo.InvariantCulture) + " ms", () => Kernel.MoveClock(duration));
        cancellationToken.ThrowIfCancellationRequested();
    }

    // xorshift64*
    public double NextRandom()
    {
        _state ^= _state >> 12;
        _state ^= _state << 25;
        _state ^= _state >> 27;
        return (_state * 0x2545F4914F6CDD1Dul >> 11) / (double)(1ul << 53);
    }
}
