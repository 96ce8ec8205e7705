using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Puts back what a change took from a hook: the same dispatcher with the same components, or nothing.</summary>
/// <remarks>As a change: pinned before the swap, swapped only over what the change left, and unpinned after it.</remarks>
/// <param name="before">What was on the hook; owned.</param>
/// <param name="replacement">What is on it now; borrowed. Null: nothing.</param>
/// <param name="made">The change.</param>
internal sealed class ChangeReversal(HookReading before, Revision? replacement, ChangeResult made) : IDisposable
{
    private readonly ChainSnapshot? _old = (before as HookReading.Chain)?.Snapshot;

    /// <summary>The change that is taken back.</summary>
    public ChangeResult Made => made;

    /// <summary>Swaps if the hook still holds what the change left. Under the lock.</summary>
    /// <param name="kernel">The port.</param>
    /// <param name="paths">Where pins are.</param>
    /// <param name="unpinFailed">Told of pins that stay behind.</param>
    /// <returns>False: somebody has changed it since, and it stays as it is.</returns>
    /// <exception cref="KernelException">The old chain cannot be pinned, or what is on the hook cannot be read.</exception>
    public bool TryRun(KernelPort kernel, PinPaths paths, Action<KernelException> unpinFailed)
    {
        PinOld(kernel.Files);
        var isDone = Swap(kernel);
        try
        {
            if (isDone)
                PinOld(kernel.Files);
            var useless = !isDone ? _old?.PinDirectory : replacement is null ? null : paths.DirectoryOf(made.After.InterfaceIndex, replacement.Info.Id);
            if (useless is not null)
                PinnedDirectory.Remove(kernel.Files, useless);
        }
        catch (KernelException failure)
        {
            unpinFailed(failure);
        }

        return isDone;
    }

    /// <inheritdoc/>
    public void Dispose() => before.Dispose();

    private void PinOld(IBpfFs files)
    {
        if (_old is not null)
            PinnedDirectory.Complete(files, _old.PinDirectory, _old.Components.Select(component => (component.Program, component.Link)));
    }

    // An error may mean that only the answer was lost, so what is on the hook decides; when that cannot be read either, all pins stay.
    private bool Swap(KernelPort kernel)
    {
        var expected = replacement is null ? HookExpectation.Empty : HookExpectation.Holds(replacement.Dispatcher);
        try
        {
            return kernel.Hook.Swap(made.After.InterfaceIndex, _old?.Dispatcher, expected, _old?.Mode ?? made.After.Mode ?? AttachMode.Unspecified).Result == SwapResult.Swapped;
        }
        catch (KernelException)
        {
            var attached = kernel.Hook.Read(made.After.InterfaceIndex)?.Attached ?? [];
            return _old is null ? attached.IsEmpty : attached.Any(program => program.ProgramId == _old.Info.Id);
        }
    }
}
