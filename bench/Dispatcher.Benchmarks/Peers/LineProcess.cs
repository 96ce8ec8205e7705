using System.Diagnostics;
using System.Globalization;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>A process that answers each line with one line of words <c>name=value</c>; first it says <c>ready</c>.</summary>
/// <remarks>The line protocol is that of the interop suite: the README in tests/Dispatcher.Interop.Tests.</remarks>
internal sealed class LineProcess : IDisposable
{
    private readonly Command _command;
    private readonly Process _process;
    private string _said = "";

    /// <summary>Starts it and waits until it is ready.</summary>
    public LineProcess(Command command)
    {
        _command = command;
        var start = command.ToStart();
        start.RedirectStandardError = false;
        _process = Process.Start(start)!;
        if (_process.StandardOutput.ReadLine() != "ready")
            throw new InvalidOperationException($"{command} does not get ready.");
    }

    /// <summary>Its process id.</summary>
    public int ProcessId => _process.Id;

    /// <summary>Says a command and waits for the answer.</summary>
    /// <exception cref="InvalidOperationException">It failed, or the process ended.</exception>
    public IReadOnlyDictionary<string, string> Ask(string command)
    {
        Say(command);
        return Hear();
    }

    /// <summary>Says a command; <see cref="Hear"/> has the answer.</summary>
    public void Say(string command)
    {
        _said = command;
        _process.StandardInput.WriteLine(command);
        _process.StandardInput.Flush();
    }

    /// <summary>Waits for the answer to what was said.</summary>
    /// <exception cref="InvalidOperationException">It failed, or the process ended.</exception>
    public IReadOnlyDictionary<string, string> Hear()
    {
        var answer = _process.StandardOutput.ReadLine() ?? throw new InvalidOperationException($"{_command} ended over '{_said}'.");
        return answer.StartsWith("ok", StringComparison.Ordinal)
            ? answer.Split(' ', StringSplitOptions.RemoveEmptyEntries).Skip(1).Select(word => word.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1])
            : throw new InvalidOperationException($"{_command} answers '{_said}' with: {answer}");
    }

    /// <summary>A number of an answer.</summary>
    public static long Number(IReadOnlyDictionary<string, string> answer, string name) => long.Parse(answer[name], CultureInfo.InvariantCulture);

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.StandardInput.Close();
        if (!_process.WaitForExit(TimeSpan.FromSeconds(10)))
            _process.Kill();
        _process.Dispose();
    }
}
