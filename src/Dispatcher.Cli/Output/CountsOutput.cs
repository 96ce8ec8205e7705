using System.Globalization;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Readings of counters, one after the other.</summary>
/// <param name="session">Where and how.</param>
/// <param name="isRefreshed">Whether another reading follows, which takes the place of the one before on a terminal.</param>
internal sealed class CountsOutput(CliSession session, bool isRefreshed)
{
    private const string ClearScreen = "\x1b[H\x1b[2J";

    private Dictionary<ProgramId, ComponentCounts> _before = [];
    private bool _hasTable;
    private bool _isWaiting;
    private bool _isBroken;

    /// <summary>What a verb that looks into a chain says while there is none.</summary>
    /// <param name="interfaceName">Whose chain.</param>
    /// <param name="waits">Whether the verb goes on until there is one.</param>
    public static string NoChain(string interfaceName, bool waits) => $"{Printable.Escape(interfaceName)} has no chain{(waits ? "; waiting for one" : "")}";

    /// <summary>Writes a reading.</summary>
    public void Write(ChainCounts counts)
    {
        if (session.Json)
            JsonAnswer.WriteLine(session.Console, writer => WriteJson(writer, counts));
        else
            WriteText(counts);
        _before = counts.Components.GroupBy(component => component.Id).ToDictionary(group => group.Key, group => group.First());
    }

    private void WriteText(ChainCounts counts)
    {
        var console = session.Console;
        if (counts.DispatcherId is not { } id)
        {
            if (!_isWaiting)
                console.Error.WriteLine(NoChain(counts.InterfaceName, isRefreshed));
            _isWaiting = true;
            return;
        }

        _isWaiting = false;
        if (counts.Broken is { } broken && !_isBroken)
            console.Error.WriteLine($"{Printable.Escape(counts.InterfaceName)} is BROKEN, and counted on as far as it runs: {StatusText.Loss(broken, counts.InterfaceName)}");
        _isBroken = counts.Broken is not null;
        if (isRefreshed && console is { IsTerminal: true, HasColour: true })
            console.Out.Write(ClearScreen);
        else if (_hasTable)
            console.Out.Write('\n');
        _hasTable = true;
        console.Out.Write($"{console.Paint(Printable.Escape(counts.InterfaceName), Ink.Strong)} dispatcher {id}\n");
        if (counts.Components.IsEmpty)
            return;
        var table = new TextTable(
            Right("Slot"), new Column("Name", NarrowestWidth: 8, IsBrokenLast: true), new Column("Id", IsRight: true, MayBeLeftOut: true),
            Right("Packets"), Right("Per s"), Right("Pass"), Right("Drop"), Rare("Aborted"), Rare("Tx"), Rare("Redirect"), Rare("Other"));
        foreach (var component in counts.Components)
        {
            var verdicts = component.Verdicts;
            table.Add(
                Number((ulong)component.Slot), new Cell(Printable.Escape(component.Name), Ink.Strong), new Cell(component.Id.ToString(), Ink.Handle),
                Number(verdicts.Packets), Number(RateOf(component)), Number(verdicts.Pass), Number(verdicts.Drop, Ink.Doubtful),
                Number(verdicts.Aborted, Ink.Bad), Number(verdicts.Tx), Number(verdicts.Redirect), Number(verdicts.Other, Ink.Bad));
        }

        table.Write(console);
    }

    // Since the reading before, or since it is watched.
    private ulong RateOf(ComponentCounts now)
    {
        var before = _before.GetValueOrDefault(now.Id);
        var seconds = (now.Watched - (before?.Watched ?? TimeSpan.Zero)).TotalSeconds;
        return seconds > 0 ? (ulong)Math.Round((now.Verdicts.Packets - (before?.Verdicts.Packets ?? 0)) / seconds) : 0;
    }

    private static void WriteJson(Utf8JsonWriter writer, ChainCounts counts)
    {
        writer.WriteStartObject();
        writer.WriteString("ifname", counts.InterfaceName);
        if (counts.DispatcherId is { } id)
            writer.WriteNumber("dispatcher", id.Value);
        else
            writer.WriteNull("dispatcher");
        if (counts.Broken is not null)
            writer.WriteBoolean("broken", true);
        writer.WriteStartArray("programs");
        foreach (var component in counts.Components)
        {
            writer.WriteStartObject();
            writer.WriteNumber("slot", component.Slot);
            writer.WriteNumber("id", component.Id.Value);
            writer.WriteString("name", component.Name);
            writer.WriteNumber("seconds", Math.Round(component.Watched.TotalSeconds, 3));
            writer.WriteNumber("packets", component.Verdicts.Packets);
            writer.WriteNumber(XdpAction.Aborted.KernelName(), component.Verdicts.Aborted);
            writer.WriteNumber(XdpAction.Drop.KernelName(), component.Verdicts.Drop);
            writer.WriteNumber(XdpAction.Pass.KernelName(), component.Verdicts.Pass);
            writer.WriteNumber(XdpAction.Tx.KernelName(), component.Verdicts.Tx);
            writer.WriteNumber(XdpAction.Redirect.KernelName(), component.Verdicts.Redirect);
            writer.WriteNumber("other", component.Verdicts.Other);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static Column Right(string title) => new(title, IsRight: true);

    private static Column Rare(string title) => new(title, IsRight: true, MayBeLeftOutAsZero: true);

    // A zero needs no attention.
    private static Cell Number(ulong value, Ink ink = Ink.Plain) =>
        new(value.ToString(CultureInfo.InvariantCulture), value == 0 && ink != Ink.Plain ? Ink.Quiet : ink);
}
