using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Components;

/// <summary>Remarks on the objects that programs come from.</summary>
internal static class ObjectNotes
{
    /// <summary>Names what else is in an object, for each program that was taken because it is the first.</summary>
    public static IReadOnlyList<ChangeNote> Of(IReadOnlyList<ComponentProgram> programs) =>
    [
        .. (from program in programs
           where !program.OtherPrograms.IsDefaultOrEmpty
           let others = string.Join(", ", program.OtherPrograms.Select(Printable.Escape))
           select new ChangeNote(
               ChangeNoteKind.OtherPrograms,
               $"{Printable.Escape(program.Elf?.ObjectName ?? "the object")} holds {others} too; {Printable.Escape(program.Name)} is the first, and a name (-n) chooses another")).Distinct(),
    ];
}
