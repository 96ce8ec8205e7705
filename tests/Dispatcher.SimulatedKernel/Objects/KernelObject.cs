namespace Dispatcher.SimulatedKernel.Objects;

/// <summary>Something that lives as long as anything refers to it: an fd, a pin, a hook, another object.</summary>
internal abstract class KernelObject
{
    private int _references;

    /// <summary>Kernel-wide within its kind, greater than 0, never given twice.</summary>
    public uint Id { get; internal set; }

    public bool IsFreed { get; private set; }

    /// <summary>Adds a reference.</summary>
    public void Hold()
    {
        if (IsFreed)
            throw new InvalidOperationException($"{this} is used after it was freed.");
        _references++;
    }

    /// <summary>Takes a reference away; the last one frees the object and what it refers to.</summary>
    public void Drop()
    {
        if (_references == 0)
            throw new InvalidOperationException($"{this} is dropped more often than held.");
        if (--_references > 0)
            return;
        IsFreed = true;
        Removed?.Invoke();
        Free();
    }

    /// <summary>Takes it out of its table.</summary>
    internal Action? Removed { get; set; }

    /// <summary>Drops what this object refers to.</summary>
    protected abstract void Free();
}
