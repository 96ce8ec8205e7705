namespace Dispatcher.Simulation.Mutation;

/// <summary>The source of the library with every mutant in it.</summary>
internal static class MutantTree
{
    private const string Switch = """
        namespace Dispatcher.Runtime;

        internal static class Mutant
        {
            private static readonly string? On = System.Environment.GetEnvironmentVariable("XDP_MUTANT");

            public static bool Is(string name) => On == name;
        }

        """;

    /// <summary>Changes a copy of the source.</summary>
    /// <param name="folder">A copy of src/Dispatcher.Runtime.</param>
    /// <exception cref="InvalidOperationException">What a mutant changes is not there as it says: the library went on, and the mutant must follow.</exception>
    public static void Write(string folder)
    {
        foreach (var mutant in Mutants.All)
        {
            foreach (var edit in mutant.Edits)
                Apply(Path.Combine(folder, edit.File), mutant.Name, edit);
        }

        File.WriteAllText(Path.Combine(folder, "Mutant.cs"), Switch);
    }

    private static void Apply(string path, string name, Edit edit)
    {
        var text = File.ReadAllText(path);
        var place = text.IndexOf(edit.Find, StringComparison.Ordinal);
        if (place < 0 || text.IndexOf(edit.Find, place + 1, StringComparison.Ordinal) >= 0)
            throw new InvalidOperationException($"Mutant '{name}': '{edit.Find.Trim()}' does not stand exactly once in {edit.File}.");
        var put = edit.Put.Replace("IS", $"global::Dispatcher.Runtime.Mutant.Is(\"{name}\")", StringComparison.Ordinal);
        File.WriteAllText(path, text[..place] + put + text[(place + edit.Find.Length)..]);
    }
}
