namespace Dispatcher.Simulation.Engine;

/// <summary>Threads that are used again from run to run; only one of them is awake at a time.</summary>
internal sealed class Crew : IDisposable
{
    private readonly List<Member> _members = [];

    /// <summary>Has a thread carry something out.</summary>
    /// <param name="index">Which one; its last work has ended.</param>
    /// <param name="work">Throws nothing.</param>
    public void Start(int index, Action work)
    {
        while (_members.Count <= index)
            _members.Add(new Member());
        _members[index].Start(work);
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var member in _members)
            member.Dispose();
    }

    private sealed class Member : IDisposable
    {
        private readonly SemaphoreSlim _call = new(0);
        private readonly Thread _thread;
        private Action? _work;

        public Member()
        {
            _thread = new Thread(Run) { IsBackground = true, Name = "actor" };
            _thread.Start();
        }

        public void Start(Action work)
        {
            _work = work;
            _call.Release();
        }

        public void Dispose()
        {
            _work = null;
            _call.Release();
            _thread.Join();
            _call.Dispose();
        }

        private void Run()
        {
            while (true)
            {
                _call.Wait();
                if (_work is not { } work)
                    return;
                work();
            }
        }
    }
}
