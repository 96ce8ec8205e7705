using Dispatcher.Interop.Tests.Actors;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>Processes of ours to be killed, some started ahead: starting one takes longer than all it does.</summary>
internal sealed class Victims : IDisposable
{
    private const int Ahead = 2;

    private readonly Queue<OurActor> _waiting = new();
    private readonly string _bpfFsPath;

    public Victims(string bpfFsPath)
    {
        _bpfFsPath = bpfFsPath;
        while (_waiting.Count < Ahead)
            _waiting.Enqueue(new OurActor(_bpfFsPath));
    }

    /// <summary>The next one, ready; the caller disposes it.</summary>
    public OurActor Take()
    {
        _waiting.Enqueue(new OurActor(_bpfFsPath));
        var victim = _waiting.Dequeue();
        victim.WaitUntilReady();
        return victim;
    }

    public void Dispose()
    {
        foreach (var victim in _waiting)
            victim.Dispose();
    }
}
