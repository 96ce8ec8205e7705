using System.Diagnostics;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>A process that writes a line per event.</summary>
internal sealed class Watcher : IDisposable
{
    private readonly ToolRequest _command;
    private readonly Process _process;

    /// <summary>Starts it.</summary>
    public Watcher(ToolRequest command)
    {
        _command = command;
        var start = command.ToStart();
        start.RedirectStandardError = false;
        _process = Process.Start(start)!;
    }

    /// <summary>Processor time that it has taken so far, in user mode and in the kernel.</summary>
    public TimeSpan ProcessorTime
    {
        get
        {
            _process.Refresh();
            return _process.TotalProcessorTime;
        }
    }

    /// <summary>Waits for events.</summary>
    /// <param name="count">How many.</param>
    public void Read(int count)
    {
        while (count-- > 0)
        {
            if (_process.StandardOutput.ReadLine() is null)
                throw new InvalidOperationException($"{_command} ended.");
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
