using Dispatcher.Cli;
using Dispatcher.Cli.Hosting;
using Dispatcher.Cli.Output;

StandardStreams.Require();
using var interrupt = new Interrupt();
var console = CliConsole.OfProcess();
return await CliApp.RunAsync(args, console, new ChainHost(), interrupt.Token);
