using System.Diagnostics;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Storms;

/// <summary>One system call of a process: the so-many-th of its name in the thread that makes it.</summary>
/// <param name="Name">For example <c>bpf</c>.</param>
/// <param name="Number">From 1.</param>
internal readonly record struct SystemCall(string Name, int Number);

/// <summary>strace on a running process: lists its system calls, or kills it before one of them.</summary>
internal sealed class SystemCalls : IDisposable
{
    /// <summary>The calls by which a change touches what others see, and those that give back what it holds.</summary>
    private const string Watched = "bpf,mkdir,mkdirat,unlink,unlinkat,rmdir,flock,connect,sendto,sendmsg,recvmsg,openat,close";

    private readonly Process _strace;

    private SystemCalls(int processId, params string[] arguments)
    {
        var start = new ProcessStartInfo(Tool.Require("strace"), ["-f", .. arguments, "-p", $"{processId}"]) { RedirectStandardError = true };
        _strace = Process.Start(start)!;
        while (_strace.StandardError.ReadLine() is { } line)
        {
            if (line.Contains("attached", StringComparison.Ordinal))
                return;
        }

        Assert.Fail("strace ended before it was attached.");
    }

    /// <summary>The calls that a process makes while it carries something out, in the thread that carries it out.</summary>
    public static IReadOnlyList<SystemCall> List(int processId, Action carryOut)
    {
        using var folder = new TempFolder();
        var path = folder.PathOf("calls");
        using (new SystemCalls(processId, "-e", "trace=" + Watched, "-o", path))
            carryOut();
        // "1234  bpf(BPF_PROG_LOAD, ...": the thread with the most bpf calls is the one.
        var lines = File.ReadAllLines(path)
            .Select(line => line.Split(' ', 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
            .Where(words => words.Length == 2 && words[1].Contains('(', StringComparison.Ordinal) && char.IsAsciiLetter(words[1][0]))
            .ToLookup(words => words[0], words => words[1][..words[1].IndexOf('(', StringComparison.Ordinal)]);
        var counts = new Dictionary<string, int>();
        return
        [
            .. lines.MaxBy(thread => thread.Count(name => name == "bpf"))!
                .Select(name => new SystemCall(name, counts[name] = counts.GetValueOrDefault(name) + 1)),
        ];
    }

    /// <summary>From now on a process is killed before it makes this call.</summary>
    public static SystemCalls KillBefore(int processId, SystemCall call) =>
        new(processId, "-o", "/dev/null", "-e", $"trace={call.Name}", "-e", $"inject={call.Name}:signal=SIGKILL:when={call.Number}");

    public void Dispose()
    {
        if (!_strace.HasExited)
            Tool.Run("kill", "-INT", $"{_strace.Id}");
        _strace.WaitForExit(TimeSpan.FromSeconds(10));
        _strace.Dispose();
    }
}
