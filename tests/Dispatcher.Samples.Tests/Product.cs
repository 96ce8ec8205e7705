using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Dispatcher.Testing;

namespace Dispatcher.Samples.Tests;

/// <summary>One process of a sample, and the lines that it wrote.</summary>
internal sealed partial class Product : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(180);
    private static readonly TimeSpan Look = TimeSpan.FromMilliseconds(500);

    private readonly string _name;
    private readonly Process _process;
    private readonly List<string> _lines = [];

    /// <summary>Starts it.</summary>
    /// <param name="name">File name of the program.</param>
    /// <param name="bpfFsPath">Its BPF file system.</param>
    /// <param name="arguments">Its command line.</param>
    public Product(string name, string bpfFsPath, IEnumerable<string> arguments)
    {
        _name = name;
        var start = new ProcessStartInfo(PathOf(name), arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["LIBXDP_BPFFS"] = bpfFsPath;
        _process = Process.Start(start)!;
        _process.OutputDataReceived += (_, line) => Hear(line.Data);
        _process.ErrorDataReceived += (_, line) => Hear(line.Data);
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>Where <c>eng/tests.proj</c> publishes a sample.</summary>
    /// <param name="parts">Path from the folder of the suites.</param>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        var path = Path.Combine([AppContext.BaseDirectory, .. parts]);
        Assert.True(File.Exists(path), $"{path} is missing: ./test.sh --suite samples publishes it.");
        return path;
    }

    /// <summary>Waits for a line.</summary>
    /// <param name="text">Part of it.</param>
    /// <param name="meanwhile">Done again and again until it is there; null: nothing.</param>
    /// <returns>The line.</returns>
    public string WaitFor(string text, Action? meanwhile = null)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            meanwhile?.Invoke();
            lock (_lines)
            {
                if (_lines.Find(line => line.Contains(text, StringComparison.Ordinal)) is { } found)
                    return found;
                Monitor.Wait(_lines, Look);
            }

            if (_process.HasExited || waited.Elapsed > Patience)
                return AfterTheEnd(text);
        }
    }

    /// <summary>Waits for a line that names a program.</summary>
    /// <returns>Its id.</returns>
    public uint WaitForProgram(string text) => uint.Parse(ProgramId().Match(WaitFor(text)).Groups[1].ValueSpan, CultureInfo.InvariantCulture);

    /// <summary>Ends it as a crash does, with SIGKILL.</summary>
    public void Kill()
    {
        _process.Kill();
        WaitForEnd();
    }

    /// <summary>Ends it as a service manager does, with SIGTERM.</summary>
    public void Stop()
    {
        Tool.Run("kill", "-TERM", _process.Id.ToString(CultureInfo.InvariantCulture)).OrFail();
        Assert.True(WaitForEnd() == 0, $"{_name} did not end well:\n{Log()}");
    }

    /// <summary>Waits for its end, and for all of its lines.</summary>
    /// <returns>Its exit code.</returns>
    public int WaitForEnd()
    {
        Assert.True(_process.WaitForExit(Patience), $"{_name} does not end:\n{Log()}");
        _process.WaitForExit();
        return _process.ExitCode;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (!_process.HasExited)
            Kill();
        _process.Dispose();
    }

    private void Hear(string? line)
    {
        if (line is null)
            return;
        lock (_lines)
        {
            _lines.Add(line);
            Monitor.PulseAll(_lines);
        }
    }

    private string AfterTheEnd(string text)
    {
        if (_process.HasExited)
            WaitForEnd();
        lock (_lines)
            return _lines.Find(line => line.Contains(text, StringComparison.Ordinal)) ?? throw new InvalidOperationException($"{_name} does not say '{text}':\n{Log()}");
    }

    private string Log()
    {
        lock (_lines)
            return string.Join('\n', _lines);
    }

    [GeneratedRegex(@"\bprogram (\d+)")]
    private static partial Regex ProgramId();
}
