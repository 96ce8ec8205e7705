using Dispatcher.Benchmarks;

// Peer and ours take turns, so that a slower minute of the machine is a slower minute for both.
const int Rounds = 15;
var published = args.Length > 0 ? args[0] : null;
Console.WriteLine("what                                   ours         clang      ratio  (lowest .. highest of 15 rounds)");
foreach (var slotCount in new[] { 1, 3, 10 })
{
    using var emit = new EmitBenchmark(slotCount);
    Duel.Run($"object of {slotCount,2} slots, in process", Rounds, emit.Ours, emit.Clang).Print();
    if (published is not null)
        Duel.Run($"object of {slotCount,2} slots, whole command", Rounds, () => emit.Command(published), emit.Clang).Print();
}
