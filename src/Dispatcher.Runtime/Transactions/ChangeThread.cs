namespace Dispatcher.Runtime.Transactions;

/// <summary>Where changes are made: on a thread of their own.</summary>
/// <remarks>
/// A change waits for the lock, perhaps for seconds, and in the kernel for packets that are under way. A thread of the pool that waits is missing to
/// others, and waking one makes the pool's threads spin for work, which takes longer than it takes to start a thread.
/// </remarks>
internal static class ChangeThread
{
    /// <summary>Runs code there.</summary>
    /// <param name="change">What to do.</param>
    /// <param name="cancellationToken">Cancelled before it began: it does not begin.</param>
    public static Task<T> Run<T>(Func<T> change, CancellationToken cancellationToken) => Task.Factory.StartNew(
        change, cancellationToken, TaskCreationOptions.LongRunning | TaskCreationOptions.DenyChildAttach, TaskScheduler.Default);
}
