namespace Dispatcher.Cli.Commands;

/// <summary>Calls that wait for somebody else, as on a named pipe, and that nothing ends: whoever is interrupted waits for them no more.</summary>
internal static class Interruptible
{
    /// <summary>Makes such a call on another thread.</summary>
    /// <exception cref="OperationCanceledException">Interrupted; the call may go on until the process ends.</exception>
    public static Task<T> RunAsync<T>(Func<T> call, CancellationToken cancellationToken) =>
        Task.Run(call, cancellationToken).WaitAsync(cancellationToken);

    /// <inheritdoc cref="RunAsync{T}"/>
    public static Task RunAsync(Action call, CancellationToken cancellationToken) =>
        Task.Run(call, cancellationToken).WaitAsync(cancellationToken);
}
