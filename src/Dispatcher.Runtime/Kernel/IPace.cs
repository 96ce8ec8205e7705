namespace Dispatcher.Runtime.Kernel;

/// <summary>Time, waiting and chance, so that a test owns all three.</summary>
internal interface IPace
{
    /// <summary>Time since a fixed start; never goes back.</summary>
    TimeSpan Now { get; }

    /// <summary>The wall clock; may be set back.</summary>
    DateTimeOffset UtcNow { get; }

    /// <summary>Waits; returns early by throwing when cancelled.</summary>
    void Wait(TimeSpan duration, CancellationToken cancellationToken);

    /// <summary>A number from 0 (included) to 1 (excluded).</summary>
    double NextRandom();
}
