using Dispatcher.Cli.Hosting;
using Dispatcher.Cli.Output;

namespace Dispatcher.Cli.Tests;

/// <summary>What one run of the tool printed and how it ended.</summary>
/// <param name="ExitCode">Exit code.</param>
/// <param name="Output">Standard output.</param>
/// <param name="Error">Standard error.</param>
internal sealed record CliRun(int ExitCode, string Output, string Error)
{
    /// <summary>Bytes written to standard output as such.</summary>
    public byte[] Bytes { get; private init; } = [];

    /// <summary>Runs the tool in this process; nothing is known of the machine.</summary>
    public static Task<CliRun> Of(params string[] args) => Of(new RecordedHost(), args);

    /// <summary>Runs the tool in this process.</summary>
    public static Task<CliRun> Of(IChainHost host, params string[] args) => Of(new Screen(), host, args);

    /// <summary>Runs the tool in this process, for a screen.</summary>
    public static async Task<CliRun> Of(Screen screen, IChainHost host, params string[] args)
    {
        var (output, error) = (new StringWriter { NewLine = "\n" }, new StringWriter { NewLine = "\n" });
        var binary = new MemoryStream();
        var console = new CliConsole
        {
            Out = output,
            Error = error,
            IsTerminal = screen.IsTerminal,
            Width = screen.Width,
            HasColour = screen.HasColour,
            ErrorHasColour = screen.HasColour,
            HasUnicode = screen.HasUnicode,
            OpenBinaryOut = () => binary,
        };
        var exitCode = await CliApp.RunAsync(args, console, host, TestContext.Current.CancellationToken);
        return new CliRun(exitCode, output.ToString(), error.ToString()) { Bytes = binary.ToArray() };
    }

    /// <summary>All of it, for snapshots.</summary>
    public string Describe(params string[] args) =>
        $"$ xdp-dispatch {string.Join(' ', args.Select(a => a.Contains(' ', StringComparison.Ordinal) || a.Length == 0 ? $"'{a}'" : a))}\n{Output}{Error}[exit {ExitCode}]\n";
}

/// <summary>Where the tool prints.</summary>
internal sealed record Screen(bool IsTerminal = false, int Width = 80, bool HasColour = false, bool HasUnicode = true);
