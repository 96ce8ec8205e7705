using System.Diagnostics;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Another process that does nothing; it ends on dispose.</summary>
internal sealed class OtherProcess : IDisposable
{
    /// <summary>What every one of them is called once it does nothing.</summary>
    public const string Command = "sleep";

    private const uint ClearCloseOnExec = 0x5450;
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly Process _process;

    private OtherProcess(Process process) => _process = process;

    /// <summary>Process id.</summary>
    public int Id => _process.Id;

    /// <summary>Starts one that has an fd of ours open.</summary>
    /// <param name="fd">From now on every process that is started inherits it, until it is closed.</param>
    public static OtherProcess Inheriting(OwnedFd fd)
    {
        Assert.Equal(0, Libc.Control(fd, ClearCloseOnExec));
        return Start(Command, "600");
    }

    /// <summary>Starts one and waits until it has become the command that does nothing.</summary>
    public static OtherProcess Start(string name, params IReadOnlyList<string> arguments)
    {
        var other = new OtherProcess(Process.Start(new ProcessStartInfo(Need.Tool(name), arguments)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!);
        var waited = Stopwatch.StartNew();
        while (File.ReadAllText($"/proc/{other.Id}/comm") != Command + "\n")
        {
            if (other._process.HasExited || waited.Elapsed > Patience)
            {
                other.Dispose();
                Assert.Fail($"{name} {string.Join(' ', arguments)} did not get as far as doing nothing.");
            }

            Thread.Sleep(10);
        }

        return other;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _process.Kill();
        _process.WaitForExit();
        _process.Dispose();
    }
}
