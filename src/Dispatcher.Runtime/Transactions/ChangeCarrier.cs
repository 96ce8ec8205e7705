using Dispatcher.Runtime.Components;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Runtime.State;

namespace Dispatcher.Runtime.Transactions;

/// <summary>Gets a request ready for one interface, and has it carried out.</summary>
internal sealed class ChangeCarrier(KernelPort kernel, ChainQuery query, XdpDispatcherOptions options)
{
    private readonly ComponentVerifier _verifier = new(kernel);

    /// <summary>What gets requests ready for an interface.</summary>
    public ChangePreparation PreparationFor(InterfaceReading target) => new(kernel, query, _verifier, target);

    /// <inheritdoc cref="ComponentVerifier.TagOf"/>
    public ProgramTag TagOf(InterfaceReading target, ComponentProgram program) => _verifier.TagOf(program, target);

    /// <summary>Gets a request ready and hands it on.</summary>
    /// <remarks>When another process exchanges a component before we do, and the caller means it by name, its successor is the one: made ready anew.</remarks>
    /// <param name="target">The interface as it was found by name.</param>
    /// <param name="request">What to change.</param>
    /// <param name="carryOut">Makes the change, or only plans it.</param>
    /// <param name="cancellationToken">Looked at while waiting.</param>
    public T Carry<T>(
        InterfaceReading target, ChangeRequest request, Func<InterfaceReading, PreparedChange, T> carryOut, CancellationToken cancellationToken)
    {
        var deadline = new Deadline(kernel.Pace, options.Deadline);
        while (true)
        {
            using var prepared = request.Prepare(PreparationFor(target), cancellationToken);
            try
            {
                return carryOut(target, prepared);
            }
            catch (NotFoundException) when (prepared.GoesByName is not null)
            {
                if (deadline.HasPassed || kernel.Hook.Read(target.Index) is not { } now || IsInChain(now, prepared.GoesByName.Value, cancellationToken))
                    throw;
                target = now;
            }
        }
    }

    /// <summary>As <see cref="Carry"/>, with what was got ready for several interfaces, as long as it fits this one.</summary>
    /// <param name="target">The interface as it was found by name.</param>
    /// <param name="request">What to change.</param>
    /// <param name="shared">The request, got ready; borrowed.</param>
    /// <param name="carryOut">Makes the change, or only plans it.</param>
    /// <param name="cancellationToken">Looked at while waiting.</param>
    public T CarryShared<T>(
        InterfaceReading target, ChangeRequest request, PreparedChange shared, Func<InterfaceReading, PreparedChange, T> carryOut,
        CancellationToken cancellationToken)
    {
        try
        {
            return carryOut(target, shared);
        }
        catch (NotFoundException) when (shared.GoesByName is not null && kernel.Hook.Read(target.Index) is not null)
        {
            // Another process exchanged the component here meanwhile: this interface goes its own way.
            return Carry(target, request, carryOut, cancellationToken);
        }
    }

    private bool IsInChain(InterfaceReading target, ProgramId component, CancellationToken cancellationToken) =>
        query.ReadFresh(target, cancellationToken)?.Chain?.Programs.Any(program => program.Id == component) ?? false;
}
