namespace Dispatcher.Runtime.Diagnostics;

/// <summary>Code of others that hears what this library does.</summary>
internal static class Listeners
{
    /// <summary>Tells it something, and drops what it throws.</summary>
    public static void Tell(Action action)
    {
        try
        {
            action();
        }
#pragma warning disable CA1031 // Whatever a listener throws: it must not end a change halfway.
        catch (Exception)
        {
            // There is nobody to tell: the one who listens is the one who failed.
        }
#pragma warning restore CA1031
    }
}
