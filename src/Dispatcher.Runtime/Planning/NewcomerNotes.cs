using System.Collections.Immutable;
using Dispatcher.Compiler;

namespace Dispatcher.Runtime.Planning;

/// <summary>Remarks on how newcomers stand to what is in the chain already.</summary>
internal static class NewcomerNotes
{
    /// <summary>Components that stay and have the name of a newcomer, a remark for each name.</summary>
    /// <param name="staying">Of the chain on the NIC, without what leaves it.</param>
    /// <param name="newcomers">Those that join.</param>
    public static IEnumerable<ChangeNote> Namesakes(ImmutableArray<PlannedComponent> staying, ImmutableArray<PlannedComponent> newcomers) =>
        from present in staying
        where newcomers.Any(newcomer => newcomer.Name == present.Name)
        group present.Id by present.Name into same
        let ids = string.Join(", ", same)
        select new ChangeNote(
            ChangeNoteKind.SameName,
            $"'{Printable.Escape(same.Key)}' (id {ids}) is in the chain already, and {(same.Count() == 1 ? "both run" : "all run")} now; "
            + "replace exchanges one for another, --if-absent (PresentProgram.Keep) adds none");

    /// <summary>Newcomers that run before a component that was there, though neither has the smaller priority.</summary>
    /// <param name="chain">As it will be, in running order.</param>
    public static IEnumerable<ChangeNote> InFrontOfEquals(ImmutableArray<PlannedComponent> chain) =>
        from newcomer in chain.Index()
        where !newcomer.Item.IsInChain
        let next = chain.Skip(newcomer.Index + 1).FirstOrDefault(later => later.IsInChain)
        where next is not null && next.Policy.Priority == newcomer.Item.Policy.Priority
        select new ChangeNote(
            ChangeNoteKind.EqualPriority,
            $"{newcomer.Item.Label} runs before {next.Label}, which has the same priority, {next.Policy.Priority}: among equals names decide; a priority (-P) says it plainly");

    /// <summary>A replacement of another name: whoever looks for the old one finds it no more.</summary>
    /// <param name="leaving">Goes.</param>
    /// <param name="coming">Takes its place.</param>
    public static IEnumerable<ChangeNote> AnotherName(PlannedComponent leaving, PlannedComponent coming)
    {
        if (leaving.Name != coming.Name)
        {
            yield return new ChangeNote(
                ChangeNoteKind.AnotherName,
                $"'{Printable.Escape(coming.Name)}' takes the place of '{Printable.Escape(leaving.Name)}', a program of another name: no '{Printable.Escape(leaving.Name)}' runs there any more");
        }
    }
}
