using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Samples.Firewall;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

string[] verbs = ["--upgrade", "--remove"];
try
{
    var builder = Host.CreateApplicationBuilder();
    builder.Configuration.AddCommandLine([.. args.Where(word => !verbs.Contains(word))], FirewallOptions.Switches);
    builder.Logging.AddSimpleConsole(console => console.SingleLine = true);
    var options = builder.Configuration.GetSection("Firewall").Get<FirewallOptions>() ?? new FirewallOptions();
    options.Upgrade = args.Contains("--upgrade");

    builder.Services.AddXdpDispatcher(builder.Configuration.GetSection("Xdp"));
    builder.Services.AddSingleton(options);
    // Its list is full before the first packet meets it.
    var program = ComponentProgram.FromElfFile(options.Object);
    builder.Services.AddSingleton(services => program with { FillMaps = maps => services.GetRequiredService<PortList>().Fill(maps) });
    builder.Services.AddSingleton(BlockedPort.ParseList(options.Ports));
    builder.Services.AddSingleton<PortList>();
    builder.Services.AddHostedService<FirewallService>();
    using var host = builder.Build();
    if (!args.Contains("--remove"))
    {
        await host.RunAsync();
        return Environment.ExitCode;
    }

    await host.Services.GetRequiredService<XdpDispatcher>().DetachAsync(options.Interface, ComponentSelection.ByName(program.Name));
    Console.WriteLine($"removed {program.Name} from {options.Interface}; a xdp-firewall that still runs there puts it back: stop it first");
    return 0;
}
catch (Exception failure) when (failure is DispatcherException or FormatException)
{
    Console.Error.WriteLine($"xdp-firewall: {failure.Message}");
    return 1;
}
