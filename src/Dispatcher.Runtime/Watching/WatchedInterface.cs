namespace Dispatcher.Runtime.Watching;

/// <summary>What a watch knows of one interface, and what it has to find out.</summary>
internal sealed class WatchedInterface
{
    /// <summary>As it was told last. Null: it has not been told, or is not there any more.</summary>
    public HookStatus? Known { get; private set; }

    /// <summary>Whether it was up when it was read last.</summary>
    public bool IsUp { get; set; }

    /// <summary>Whether it is read again soon.</summary>
    public bool IsUnsettled { get; set; }

    /// <summary>Whether the chain is read again even when the hook is as it was.</summary>
    public bool IsSuspected { get; private set; }

    /// <summary>Whether what is read next is told, even when it is as it was.</summary>
    public bool IsDoubted { get; private set; }

    /// <summary>Since when it is not there, and the kernel has not said what became of it. Null: it is there.</summary>
    public TimeSpan? VanishedAt { get; private set; }

    /// <summary>Whether there is nothing to remember.</summary>
    public bool IsForgotten => Known is null && !IsUnsettled && VanishedAt is null;

    /// <summary>It was read as this.</summary>
    public void Know(HookStatus hook)
    {
        Known = hook;
        VanishedAt = null;
    }

    /// <summary>The chain has to be read again.</summary>
    public void Suspect() => IsUnsettled = IsSuspected = true;

    /// <summary>What it is like is not known, whatever was told.</summary>
    public void Doubt()
    {
        Suspect();
        IsDoubted = true;
    }

    /// <summary>It is being read: what was to be found out is, as far as reading it once can tell.</summary>
    /// <returns>Whether the chain has to be read even when the hook is as it was.</returns>
    public bool Settle()
    {
        var isSuspected = IsSuspected;
        IsUnsettled = IsSuspected = false;
        return isSuspected;
    }

    /// <summary>What was read of it has been told.</summary>
    public void Told() => IsDoubted = false;

    /// <summary>It is not there.</summary>
    /// <returns>Since when.</returns>
    public TimeSpan Miss(TimeSpan now) => VanishedAt ??= now;

    /// <summary>It has gone, and that is told.</summary>
    public void Forget()
    {
        Known = null;
        VanishedAt = null;
        IsDoubted = false;
        Settle();
    }
}
