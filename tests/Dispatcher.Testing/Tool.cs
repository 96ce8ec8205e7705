using System.Diagnostics;
using System.Text;

namespace Dispatcher.Testing;

/// <summary>How to run an external program.</summary>
/// <param name="Name">Name to look for, or full path.</param>
/// <param name="Arguments">Arguments, each passed as it is.</param>
public sealed record ToolRequest(string Name, params IReadOnlyList<string> Arguments)
{
    /// <summary>Bytes for its standard input; null closes it at once.</summary>
    public ReadOnlyMemory<byte>? Input { get; init; }

    /// <summary>Working folder; null is ours.</summary>
    public string? WorkingDirectory { get; init; }

    /// <summary>Variables added to the environment; a null value removes one.</summary>
    public IReadOnlyDictionary<string, string?> Environment { get; init; } = new Dictionary<string, string?>();

    /// <summary>After this time the program is killed and the test fails.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>With all three streams for us; skips the test when the program is missing (fails in CI).</summary>
    public ProcessStartInfo ToStart()
    {
        var start = new ProcessStartInfo(Tool.Require(Name), Arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = WorkingDirectory ?? "",
        };
        foreach (var (key, value) in Environment)
            start.Environment[key] = value;
        return start;
    }
}

/// <summary>What an external program did.</summary>
/// <param name="CommandLine">For messages.</param>
/// <param name="ExitCode">Its exit code.</param>
/// <param name="OutputBytes">Standard output as bytes.</param>
/// <param name="Error">Standard error.</param>
/// <param name="Elapsed">From before its start to after its end.</param>
public sealed record ToolResult(string CommandLine, int ExitCode, ReadOnlyMemory<byte> OutputBytes, string Error, TimeSpan Elapsed)
{
    /// <summary>Standard output as text.</summary>
    public string Output { get; } = Encoding.UTF8.GetString(OutputBytes.Span);

    /// <summary>This result, or a failed test that shows both outputs when the exit code is not 0.</summary>
    public ToolResult OrFail()
    {
        if (ExitCode != 0)
            Assert.Fail($"exit code {ExitCode}: {CommandLine}\n{Output}\n{Error}");
        return this;
    }
}

/// <summary>Runs external programs: the oracles, and what sets up a test.</summary>
public static class Tool
{
    /// <summary>Full path of a program in PATH, /usr/sbin or /sbin, or null.</summary>
    public static string? Find(string name)
    {
        if (name.Contains('/', StringComparison.Ordinal))
            return File.Exists(name) ? name : null;
        var folders = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':', StringSplitOptions.RemoveEmptyEntries);
        return folders.Concat(["/usr/sbin", "/sbin"]).Select(folder => Path.Combine(folder, name)).FirstOrDefault(File.Exists);
    }

    /// <summary>Full path of a program; skips the test when it is missing (fails in CI).</summary>
    public static string Require(string name) => Need.Tool(name);

    /// <summary>Runs a program to its end; skips the test when it is missing (fails in CI).</summary>
    /// <param name="name">Name to look for, or full path.</param>
    /// <param name="arguments">Arguments, each passed as it is.</param>
    public static ToolResult Run(string name, params IReadOnlyList<string> arguments) => Run(new ToolRequest(name, arguments));

    /// <inheritdoc cref="Run(string, IReadOnlyList{string})"/>
    public static ToolResult Run(ToolRequest request)
    {
        var start = request.ToStart();
        var commandLine = string.Join(' ', [request.Name, .. request.Arguments]);

        var begin = Stopwatch.GetTimestamp();
        using var process = Process.Start(start)!;
        using var output = new MemoryStream();
        var outputDone = process.StandardOutput.BaseStream.CopyToAsync(output);
        var errorDone = process.StandardError.ReadToEndAsync();
        WriteInput(process, request.Input);
        if (!process.WaitForExit(request.Timeout))
        {
            process.Kill(entireProcessTree: true);
            process.WaitForExit();
            Assert.Fail($"still running after {request.Timeout.TotalSeconds} s, killed: {commandLine}");
        }

        var elapsed = Stopwatch.GetElapsedTime(begin);
        // A child that it left behind may hold the pipes open: give up on it, not on the test.
        if (!Task.WaitAll([outputDone, errorDone], request.Timeout))
            Assert.Fail($"ended, but something it started keeps its output open: {commandLine}");
        return new ToolResult(commandLine, process.ExitCode, output.ToArray(), errorDone.Result, elapsed);
    }

    private static void WriteInput(Process process, ReadOnlyMemory<byte>? input)
    {
        try
        {
            if (input is { } bytes)
                process.StandardInput.BaseStream.Write(bytes.Span);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // It ended without reading; its exit code says why.
        }
    }
}
