using Dispatcher.Runtime;

var dispatcher = XdpDispatcher.Open();
using var firewall = await dispatcher.AttachAsync("eth0", ComponentProgram.FromElfFile("firewall.o"));
using var ports = firewall.OpenMap("blocked_ports");
ports.Write([23, 0, 6, 0], new byte[8]); // as in bpf/firewall.bpf.c: port 23, protocol 6 (TCP); no packets dropped yet
var place = await firewall.LocateAsync();
Console.WriteLine($"{firewall.Name} runs in slot {place?.Slot} as program {firewall.Id}");
