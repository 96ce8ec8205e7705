using System.Runtime.InteropServices;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Samples.Traffic;

const string Usage = """
    xdp-traffic send --to ADDRESS --ports PORT,PORT... [--sockets 4] [--size 64]
        Waits for a line of input. Then sends UDP packets without pause, round robin over ports and sockets, until the
        input ends or it is told to stop, and prints what it sent.
    xdp-traffic swap --interface NAME --object FILE [--times 100]
        Adds the program in FILE to the chain of an interface and removes it again, so many times.
        Then prints what became of the chain. Progress goes to standard error.
    """;

using var stop = new CancellationTokenSource();
using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, StopOn);
using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, StopOn);

try
{
    switch (args)
    {
        case ["send", .. var rest]:
            var send = SendRequest.Parse(rest);
            Console.In.ReadLine();
            StopAtEndOfInput();
            Print(JsonSerializer.Serialize(UdpSender.Run(send, stop.Token), ReportJson.Default.SendReport));
            return 0;
        case ["swap", .. var rest]:
            var swap = SwapRequest.Parse(rest);
            Print(JsonSerializer.Serialize(await ChainSwapper.RunAsync(swap, stop.Token), ReportJson.Default.SwapReport));
            return 0;
        default:
            Console.Error.WriteLine(Usage);
            return 2;
    }
}
catch (UsageException wrong)
{
    Console.Error.WriteLine($"xdp-traffic: {wrong.Message}\n{Usage}");
    return 2;
}
catch (Exception failure) when (failure is DispatcherException or OperationCanceledException or System.Net.Sockets.SocketException)
{
    Console.Error.WriteLine($"xdp-traffic: {failure.Message}");
    return 1;
}

void StopOn(PosixSignalContext signal)
{
    signal.Cancel = true;
    stop.Cancel();
}

void StopAtEndOfInput() => new Thread(() =>
{
    while (Console.In.Read() >= 0)
    {
    }

    stop.Cancel();
})
{ IsBackground = true }.Start();

static void Print(string json) => Console.WriteLine(json);
