using Dispatcher.Interop.Actor;

// One command a line on standard input, one answer a line on standard output, until the input ends.
var actor = new ActorCommands();
Console.WriteLine("ready");
while (Console.ReadLine() is { } line)
    Console.WriteLine(await actor.CarryOutAsync(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)));
