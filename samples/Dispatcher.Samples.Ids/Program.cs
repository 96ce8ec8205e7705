using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Samples.Ids;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry.Metrics;
using OpenTelemetry.Trace;

string[] verbs = ["--upgrade", "--remove", "--telemetry"];
try
{
    var builder = Host.CreateApplicationBuilder();
    builder.Configuration.AddCommandLine([.. args.Where(word => !verbs.Contains(word))], IdsOptions.Switches);
    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
    var options = builder.Configuration.GetSection("Ids").Get<IdsOptions>() ?? new IdsOptions();
    options.Upgrade = args.Contains("--upgrade");
    var program = ComponentProgram.FromElfFile(options.Object);

    // First, so that it is there to be told of the first change.
    if (args.Contains("--telemetry"))
    {
        builder.Services.AddOpenTelemetry()
            .WithMetrics(metrics => metrics.AddMeter(XdpDispatcherTelemetry.MeterName, IdsMetrics.MeterName).AddConsoleExporter())
            .WithTracing(traces => traces.AddSource(XdpDispatcherTelemetry.ActivitySourceName).AddConsoleExporter());
    }

    builder.Services.AddXdpDispatcher(builder.Configuration.GetSection("Xdp"));
    builder.Services.AddSingleton(options);
    builder.Services.AddSingleton(program);
    builder.Services.AddSingleton<IdsMetrics>();
    // Before the guard, so that an upgrade meets the program that runs.
    builder.Services.AddHostedService<IdsService>();
    builder.Services.AddXdpGuard(guard =>
    {
        guard.InterfaceName = options.Interface;
        guard.Programs.Add(program);
    });
    using var host = builder.Build();
    if (!args.Contains("--remove"))
    {
        await host.RunAsync();
        return Environment.ExitCode;
    }

    await host.Services.GetRequiredService<XdpDispatcher>().DetachAsync(options.Interface, ComponentSelection.ByName(program.Name));
    Console.WriteLine($"removed {program.Name} from {options.Interface}; a xdp-ids that still runs there puts it back: stop it first");
    return 0;
}
catch (DispatcherException failure)
{
    Console.Error.WriteLine($"xdp-ids: {failure.Message}");
    return 1;
}
