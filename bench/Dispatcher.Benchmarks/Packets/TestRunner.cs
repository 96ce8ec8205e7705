using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Packets;

/// <summary>Programs in the kernel, run on one packet again and again (bench/native/testrun.c).</summary>
internal sealed class TestRunner(Bench bench) : IDisposable
{
    private readonly LineProcess _process = bench.Native("testrun").Start();

    /// <summary>Loads the dispatcher of an object, with nothing attached to it.</summary>
    public RunnableProgram Load(string path) => Read(_process.Ask($"load {path}").OrFail());

    /// <summary>Opens a dispatcher that runs on an interface.</summary>
    public RunnableProgram Open(long id) => Read(_process.Ask($"open {id}").OrFail());

    /// <summary>Processor time of one run, in nanoseconds.</summary>
    /// <exception cref="InvalidOperationException">It does not let the packet pass.</exception>
    public double Run(RunnableProgram program, int repeat)
    {
        var answer = _process.Ask($"run {program.Handle} {repeat}").OrFail();
        return answer.Value("verdict") == "2"
            ? (double)answer.Number("ns") / repeat
            : throw new InvalidOperationException($"The verdict of {program.Handle} is {answer.Value("verdict")} and not XDP_PASS.");
    }

    /// <summary>Lets go of a program.</summary>
    public void Close(RunnableProgram program) => _process.Ask($"close {program.Handle}").OrFail();

    /// <inheritdoc/>
    public void Dispose() => _process.Dispose();

    private static RunnableProgram Read(LineAnswer answer) => new(
        answer.Number("handle"),
        (int)answer.Number("xlated"),
        (int)answer.Number("jited"),
        Convert.FromHexString(answer.Value("code")),
        Convert.FromHexString(answer.Value("config")));
}

/// <summary>A program that can be run.</summary>
/// <param name="Handle">How the process calls it.</param>
/// <param name="TranslatedBytes">All functions, as the verifier left them.</param>
/// <param name="JitedBytes">All functions, as the processor runs them.</param>
/// <param name="Code">The translated instructions.</param>
/// <param name="Config">Value of its only map; empty when it has none.</param>
internal sealed record RunnableProgram(long Handle, int TranslatedBytes, int JitedBytes, byte[] Code, byte[] Config);
