namespace Dispatcher.Simulation.Mutation;

/// <summary>A bug that is put into the library on purpose, to see that it is found.</summary>
/// <param name="Name">By which it is switched on: the environment variable XDP_MUTANT.</param>
/// <param name="Edits">Where and how the source is changed.</param>
internal sealed record Mutant(string Name, params Edit[] Edits);

/// <summary>One change of the source.</summary>
/// <param name="File">Below src/Dispatcher.Runtime.</param>
/// <param name="Find">Stands there exactly once.</param>
/// <param name="Put">In its place; IS stands for the condition that this mutant is switched on.</param>
internal sealed record Edit(string File, string Find, string Put);
