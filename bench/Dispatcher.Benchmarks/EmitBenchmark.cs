using System.Diagnostics;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Benchmarks;

/// <summary>A dispatcher object from a spec: by our generator, and by clang from the C twin of the same spec.</summary>
internal sealed class EmitBenchmark : IDisposable
{
    private const int ObjectsPerRound = 200;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("xdp-dispatch-bench-");
    private readonly DispatcherSpec _spec;
    private readonly string _source;

    /// <summary>Writes the twin for clang.</summary>
    public EmitBenchmark(int slotCount)
    {
        _spec = new DispatcherSpec(DispatcherVersion.V2, [.. Enumerable.Range(1, slotCount).Select(i => new Slot((uint)(10 * i), ChainCallActions.Default))]);
        _source = Path.Combine(_folder.FullName, "dispatcher.c");
        File.WriteAllText(_source, DispatcherSource.Render(_spec));
    }

    /// <summary>Mean time of one object in this process.</summary>
    public TimeSpan Ours()
    {
        var start = Stopwatch.GetTimestamp();
        var sizeBytes = 0L;
        for (var i = 0; i < ObjectsPerRound; i++)
            sizeBytes += DispatcherGenerator.Generate(_spec).WriteElf().Length;
        var elapsed = Stopwatch.GetElapsedTime(start);
        return sizeBytes > 0 ? elapsed / ObjectsPerRound : throw new InvalidOperationException("The generator made nothing.");
    }

    /// <summary>Time of one run of clang.</summary>
    public TimeSpan Clang() => Run(
        "clang", "-O2", "-g", "-target", "bpf", "-isystem", "/usr/include/x86_64-linux-gnu", "-c", _source, "-o", Output("clang.o"));

    /// <summary>Time of one run of the published command.</summary>
    public TimeSpan Command(string path) => Run(
        path, ["emit", "-o", Output("ours.o"), .. _spec.Slots.SelectMany(slot => new[] { "--slot", $"prio={slot.Priority},actions=XDP_PASS" })]);

    /// <inheritdoc/>
    public void Dispose() => _folder.Delete(recursive: true);

    private string Output(string name) => Path.Combine(_folder.FullName, name);

    private static TimeSpan Run(string program, params string[] arguments)
    {
        var start = Stopwatch.GetTimestamp();
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })!;
        process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? Stopwatch.GetElapsedTime(start)
            : throw new InvalidOperationException($"{program} ended with exit code {process.ExitCode}.");
    }
}
