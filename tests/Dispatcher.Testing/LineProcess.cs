using System.Diagnostics;
using System.Text;

namespace Dispatcher.Testing;

/// <summary>A process that reads commands and writes answers, one line each; its first line is <c>ready</c>.</summary>
/// <remarks>It starts at once and is waited for only when it is asked something, so that several can start side by side.</remarks>
public class LineProcess : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);

    private readonly Process _process;
    private readonly StringBuilder _errors = new();
    private bool _isReady;
    private bool _isDisposed;

    /// <summary>Starts it.</summary>
    /// <param name="name">For messages.</param>
    /// <param name="program">What to start.</param>
    public LineProcess(string name, ToolRequest program)
    {
        Name = name;
        _process = Process.Start(program.ToStart())!;
        _process.ErrorDataReceived += (_, line) => _errors.AppendLine(line.Data);
        _process.BeginErrorReadLine();
    }

    /// <summary>Implementation and release, for example <c>libxdp 1.3.1</c>.</summary>
    public string Name { get; }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Says a command and waits for the answer.</summary>
    public LineAnswer Ask(string command)
    {
        Say(command);
        return Hear();
    }

    /// <summary>Says a command; <see cref="Hear"/> has the answer.</summary>
    public void Say(string command)
    {
        WaitUntilReady();
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>The answer to what was said.</summary>
    public LineAnswer Hear() => LineAnswer.Read(ReadLine() ?? throw Ended());

    /// <summary>The answer to what was said, or null when it died instead.</summary>
    public LineAnswer? HearOrEnd() => ReadLine() is { } line ? LineAnswer.Read(line) : null;

    /// <summary>Waits until it reads commands.</summary>
    public void WaitUntilReady()
    {
        if (_isReady)
            return;
        Assert.Equal("ready", ReadLine() ?? throw Ended());
        _isReady = true;
    }

    /// <summary>Ends it with SIGKILL, wherever it is, and waits for its end.</summary>
    public void Kill()
    {
        if (!_process.HasExited)
            _process.Kill();
        WaitForEnd();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>Its exit code; 137 when it was killed.</returns>
    public int WaitForEnd()
    {
        Assert.True(_process.WaitForExit(Patience), $"{Name} does not end.");
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
            return;
        _isDisposed = true;
        GC.SuppressFinalize(this);
        if (!_process.HasExited)
        {
            _process.Kill();
            _process.WaitForExit();
        }

        _process.Dispose();
    }

    private string? ReadLine()
    {
        var line = _process.StandardOutput.ReadLineAsync();
        Assert.True(line.Wait(Patience), $"{Name} does not answer.");
        return line.Result;
    }

    private InvalidOperationException Ended()
    {
        _process.WaitForExit();
        return new InvalidOperationException($"{Name} ended with exit code {_process.ExitCode}: {_errors}");
    }
}
