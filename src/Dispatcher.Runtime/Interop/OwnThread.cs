using System.Runtime.ExceptionServices;

namespace Dispatcher.Runtime.Interop;

/// <summary>Runs code that changes what belongs to a thread, on a thread that ends with it.</summary>
internal static class OwnThread
{
    private const int StackSizeBytes = 1024 * 1024;

    /// <summary>Runs code there and waits for it.</summary>
    /// <param name="name">Of the thread, for debuggers.</param>
    /// <param name="action">Runs on one thread from start to end.</param>
    /// <returns>What the code returned; what it threw is thrown here.</returns>
    public static T Run<T>(string name, Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? error = null;
        var thread = new Thread(
            () =>
            {
                try
                {
                    result = action();
                }
                catch (Exception e)
                {
                    error = ExceptionDispatchInfo.Capture(e);
                }
            },
            StackSizeBytes)
        { IsBackground = true, Name = name };
        thread.Start();
        thread.Join();
        error?.Throw();
        return result!;
    }
}
