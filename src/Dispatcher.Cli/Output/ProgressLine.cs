using System.Diagnostics;
using System.Globalization;

namespace Dispatcher.Cli.Output;

/// <summary>Says on the terminal that a request goes on, once it has taken a while, and takes the line away when it ends.</summary>
internal static class ProgressLine
{
    // Back to the first column; clear to the end of the line.
    private const string Clear = "\r\u001b[K";

    /// <summary>Waits for a request. Where messages do not go to a terminal nothing is shown.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="what">What goes on, escaped.</param>
    /// <param name="request">Running.</param>
    public static Task<T> While<T>(CliConsole console, string what, Task<T> request) => While(console, () => what, request);

    /// <summary>The same where what goes on changes.</summary>
    public static async Task<T> While<T>(CliConsole console, Func<string> what, Task<T> request)
    {
        var clock = Stopwatch.StartNew();
        var isShown = false;
        while (console.ErrorIsTerminal && await Task.WhenAny(request, Task.Delay(console.ProgressInterval)) != request)
        {
            isShown = true;
            console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"{Clear}{what()}, for {clock.Elapsed.TotalSeconds:0} s; Ctrl-C stops"));
        }

        if (isShown)
            console.Error.Write(Clear);
        return await request;
    }
}
