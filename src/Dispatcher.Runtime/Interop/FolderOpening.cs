namespace Dispatcher.Runtime.Interop;

/// <summary>One opening of the folder of the lock. Times are of the stopwatch.</summary>
/// <param name="process">Who opened it.</param>
/// <param name="at">When that was seen.</param>
/// <param name="isAgain">It had opened the folder just before, and somebody asked after that.</param>
internal sealed class FolderOpening(HolderProcess process, long at, bool isAgain)
{
    public HolderProcess Process => process;

    public long At => at;

    public bool IsAgain => isAgain;

    /// <summary>It was opened to list what is in it.</summary>
    public bool IsLook { get; set; }

    /// <summary>When its process closed the folder last, this time or another.</summary>
    public long? LastClosing { get; set; }

    /// <summary>Null: it is open, as far as it has been looked up.</summary>
    public long? ClosedAt { get; set; }

    /// <summary>Somebody asked while it was there.</summary>
    public bool WasAskedFor { get; set; }
}
