namespace Dispatcher.Runtime.Kernel;

/// <summary>The reading end of a ring buffer that programs write. Not safe for use by two threads.</summary>
internal interface IRing : IDisposable
{
    /// <summary>Takes what is finished out of the ring, oldest first; does not wait and makes no system call.</summary>
    /// <param name="most">Records at most.</param>
    IReadOnlyList<byte[]> Take(int most);
}
