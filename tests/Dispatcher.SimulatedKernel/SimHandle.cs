using System.Runtime.InteropServices;
using Dispatcher.SimulatedKernel.Objects;

namespace Dispatcher.SimulatedKernel;

/// <summary>An fd. Only an explicit dispose closes it: what is left to the garbage collector stays open and shows as a leak.</summary>
internal sealed class SimHandle : SafeHandle
{
    public SimHandle(SimProcess process, KernelObject target, int number)
        : base(-1, ownsHandle: true)
    {
        Process = process;
        Object = target;
        Number = number;
        SetHandle(number);
    }

    public SimProcess Process { get; }

    public KernelObject Object { get; }

    public int Number { get; }

    /// <inheritdoc/>
    public override bool IsInvalid => false;

    /// <inheritdoc/>
    protected override void Dispose(bool disposing)
    {
        if (disposing)
            base.Dispose(disposing);
        else
            SetHandleAsInvalid();
    }

    /// <inheritdoc/>
    protected override bool ReleaseHandle()
    {
        Process.Close(this);
        return true;
    }
}
