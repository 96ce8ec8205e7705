using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Components;

/// <summary>Remarks on the objects that programs come from.</summary>
internal static class ObjectNotes
{
    /// <summary>What else is in an object of which the first program was taken, and what it asks for that is not done.</summary>
    /// <param name="programs">Those that are loaded.</param>
    /// <param name="mapPinFolder">See <see cref="AttachOptions.MapPinFolder"/>.</param>
    public static ImmutableArray<ChangeNote> Of(IReadOnlyList<ComponentProgram> programs, string? mapPinFolder) =>
        [.. programs.SelectMany(StrayRunConfigs).Distinct(), .. programs.SelectMany(OtherPrograms).Distinct(), .. mapPinFolder is null ? programs.SelectMany(UnpinnedMaps).Distinct() : UnusedFolder(programs, mapPinFolder)];

    private static IEnumerable<ChangeNote> OtherPrograms(ComponentProgram program)
    {
        if (program.OtherPrograms.IsDefaultOrEmpty)
            yield break;
        yield return new ChangeNote(
            ChangeNoteKind.OtherPrograms,
            $"{ObjectOf(program)} holds {Names(program.OtherPrograms)} too; {Printable.Escape(program.Name)} is the first, and a name (functionName of FromElfFile) chooses another");
    }

    private static IEnumerable<ChangeNote> StrayRunConfigs(ComponentProgram program)
    {
        if (program.StrayRunConfigs.IsDefaultOrEmpty)
            yield break;
        yield return new ChangeNote(
            ChangeNoteKind.StrayRunConfig,
            $"{ObjectOf(program)} has a run config for {Names(program.StrayRunConfigs)}, which is no function in it"
            + (program.HasRunConfig ? "" : $", and none for {Printable.Escape(program.Name)}: that has priority {DispatcherLimits.DefaultPriority} and goes on after {ChainCallActions.Default} unless the request says otherwise"));
    }

    private static IEnumerable<ChangeNote> UnpinnedMaps(ComponentProgram program)
    {
        if (program.MapsToPin.IsDefaultOrEmpty)
            yield break;
        yield return new ChangeNote(
            ChangeNoteKind.MapsNotPinned,
            $"{ObjectOf(program)} asks that {Names(program.MapsToPin)} be pinned by name, which is not done unless a folder is named (AttachOptions.MapPinFolder)");
    }

    private static IEnumerable<ChangeNote> UnusedFolder(IReadOnlyList<ComponentProgram> programs, string folder)
    {
        if (programs.Any(program => program.HasUseForPinFolder))
            yield break;
        yield return new ChangeNote(
            ChangeNoteKind.MapsNotPinned, $"no map asks to be pinned by name (LIBBPF_PIN_BY_NAME), so nothing is pinned in {Printable.Escape(folder)}");
    }

    private static string ObjectOf(ComponentProgram program) => Printable.Escape(program.Elf?.ObjectName ?? "the object");

    private static string Names(IEnumerable<string> names) => string.Join(", ", names.Select(Printable.Escape));
}
