using Dispatcher.Compiler;

namespace Dispatcher.Runtime;

/// <content>Looking into a running chain.</content>
public sealed partial class XdpDispatcher
{
    /// <summary>Starts counting what the components of one chain return, and goes on until the answer is disposed.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options. Nothing attached: components are counted once they join.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <exception cref="NotFoundException">No such interface.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="KernelException">A component cannot be watched: EPERM without CAP_PERFMON, or where a policy forbids it.</exception>
    public Task<ChainStatistics> OpenStatisticsAsync(string interfaceName, CancellationToken cancellationToken = default) => Task.Run(
        () => SayingMore(() =>
        {
            var statistics = new ChainStatistics(_kernel, _query, _query.FindInterface(interfaceName));
            try
            {
                statistics.Read(cancellationToken);
                return statistics;
            }
            catch
            {
                statistics.Dispose();
                throw;
            }
        }),
        cancellationToken);

    /// <summary>Starts recording packets with the component that ended their way through one chain, and goes on until the answer is disposed.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options. Nothing attached: packets are recorded once there is a chain.</param>
    /// <param name="options">Which packets; null: all of them.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <exception cref="ArgumentException">An option is out of range.</exception>
    /// <exception cref="NotFoundException">No such interface.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="KernelException">A component cannot be watched: EPERM without CAP_PERFMON, or where a policy forbids it.</exception>
    public Task<ChainTrace> OpenTraceAsync(string interfaceName, TraceOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new TraceOptions();
        options.Check();
        return Task.Run(
            () => SayingMore(() =>
            {
                var trace = new ChainTrace(_kernel, _query, _query.FindInterface(interfaceName), options);
                try
                {
                    trace.Look(cancellationToken);
                    return trace;
                }
                catch
                {
                    trace.Dispose();
                    throw;
                }
            }),
            cancellationToken);
    }

    /// <summary>Puts the components of one chain into a dispatcher of our own, on no interface, to see what they do with given packets.</summary>
    /// <param name="interfaceName">Interface in the network namespace of the options.</param>
    /// <param name="cancellationToken">Stops waiting for a chain that is being changed.</param>
    /// <exception cref="NotFoundException">No such interface, or nothing attached.</exception>
    /// <exception cref="ForeignProgramException">Something else holds the hook.</exception>
    /// <exception cref="BrokenChainException">The chain lost pins.</exception>
    /// <exception cref="RefusedException">The chain is bound to its device.</exception>
    public Task<ChainCopy> CopyChainAsync(string interfaceName, CancellationToken cancellationToken = default) => Task.Run(
        () => SayingMore(() =>
        {
            var target = _query.FindInterface(interfaceName);
            using var chain = _query.ReadFreshChain(target, cancellationToken)
                ?? throw new NotFoundException($"No XDP program is attached to {Printable.Escape(target.Name)}; 'xdp-dispatch load' attaches one.");
            return new ChainCopy(_kernel, target.Name, chain);
        }),
        cancellationToken);
}
