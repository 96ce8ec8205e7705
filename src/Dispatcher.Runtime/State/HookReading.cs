using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Runtime.State;

/// <summary>What one look at a hook found. Disposing it closes the fds it holds.</summary>
internal abstract record HookReading : IDisposable
{
    private HookReading()
    {
    }

    /// <inheritdoc/>
    public virtual void Dispose()
    {
    }

    /// <summary>Nothing is attached.</summary>
    internal sealed record Empty(InterfaceReading Interface) : HookReading;

    /// <summary>A dispatcher of a version we know, with all its components.</summary>
    internal sealed record Chain(InterfaceReading Interface, ChainSnapshot Snapshot) : HookReading
    {
        /// <inheritdoc/>
        public override void Dispose()
        {
            Snapshot.Dispose();
            base.Dispose();
        }
    }

    /// <summary>A dispatcher of a version we know, some of whose components are not pinned where they should be.</summary>
    internal sealed record Broken(InterfaceReading Interface, BrokenSnapshot Snapshot) : HookReading
    {
        /// <inheritdoc/>
        public override void Dispose()
        {
            Snapshot.Dispose();
            base.Dispose();
        }
    }

    /// <summary>Something that is not a dispatcher we can work with.</summary>
    internal sealed record Foreign(InterfaceReading Interface, AttachMode Mode, ForeignProgram Program) : HookReading;

    /// <summary>It changed while we looked: look again.</summary>
    internal sealed record LostRace(string Cause) : HookReading;

    /// <summary>No such interface.</summary>
    internal sealed record NoInterface : HookReading;
}
