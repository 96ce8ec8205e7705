using System.Globalization;
using System.Text.Json;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>What a clean-up found and did.</summary>
internal static class CleanOutput
{
    /// <summary>Writes the result of clean.</summary>
    /// <param name="session">Where to.</param>
    /// <param name="result">What was found and done.</param>
    /// <param name="interfaceName">The only interface that was looked at; null: all.</param>
    public static void Write(CliSession session, CleanResult result, string? interfaceName)
    {
        if (session.Json)
            JsonAnswer.Write(session.Console, writer => WriteJson(writer, result));
        else
            WriteText(session, result, interfaceName);
    }

    private static void WriteText(CliSession session, CleanResult result, string? interfaceName)
    {
        var console = session.Console;
        var network = session.Host.NetworkNamespace is { } name ? $" --netns {Printable.Escape(name)}" : "";
        foreach (var chain in result.Chains)
        {
            var (word, ink) = chain.Verdict switch
            {
                RepairVerdict.Repaired => ("repaired", Ink.Good),
                RepairVerdict.Emptied => ("emptied", Ink.Good),
                RepairVerdict.WouldRepair => ("would repair", Ink.Doubtful),
                RepairVerdict.WouldEmpty => ("would empty", Ink.Doubtful),
                _ => ("BROKEN", Ink.Bad),
            };
            console.Out.Write(
                $"{console.Paint(word, ink)} {console.Paint(Printable.Escape(chain.InterfaceName), Ink.Strong)}, dispatcher {chain.DispatcherId}: {Printable.Escape(chain.Reason)}\n");
            foreach (var program in chain.Programs)
                console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"  alive  {Printable.Escape(program.Name)} (id {program.Id}), priority {program.Priority}\n"));
            foreach (var lost in chain.Lost)
            {
                var state = lost.IsAlive == false ? $"{console.Paint("dead", Ink.Bad)}   what was in slot" : $"{console.Paint("lost", Ink.Doubtful)}   the pins of slot";
                console.Out.Write(string.Create(CultureInfo.InvariantCulture, $"  {state} {lost.Slot}, priority {lost.Priority}, {StatusText.Policy(lost.Actions)}\n"));
            }

            if (chain.Verdict == RepairVerdict.Broken)
                console.Error.WriteLine($"hint: 'xdp-dispatch clean {Printable.Escape(chain.InterfaceName)}{network} --repair' {(chain.Programs.IsEmpty ? "empties the hook" : "mends what is alive")}");
        }

        foreach (var directory in result.Directories)
            console.Out.Write($"{WordOf(directory.Verdict)} {Printable.Escape(directory.Path)}: {Printable.Escape(directory.Reason)}\n");
        console.Out.Write(Summary(result, interfaceName) + "\n");
    }

    private static string Summary(CleanResult result, string? interfaceName)
    {
        var only = interfaceName is null ? null : Printable.Escape(interfaceName);
        if (result.Directories.IsEmpty && result.Chains.IsEmpty)
        {
            return only is null
                ? "nothing is pinned here, and no chain of the network namespace is broken: there is nothing to clean"
                : $"nothing of {only} is pinned, and it has no broken chain: there is nothing to clean (of others: xdp-dispatch clean)";
        }

        if (result.Directories.IsEmpty)
            return $"no dispatcher directories{(only is null ? "" : $" of {only}")}";
        var counts = result.Directories.CountBy(directory => directory.Verdict)
            .Select(count => $"{count.Value} {(count.Key == SweepVerdict.WouldRemove ? "would be removed" : WordOf(count.Key))}");
        return $"{Counted.Of(result.Directories.Length, "dispatcher directory", "dispatcher directories")}: {string.Join(", ", counts)}";
    }

    private static string WordOf(SweepVerdict verdict) => verdict switch
    {
        SweepVerdict.Removed => "removed",
        SweepVerdict.WouldRemove => "would remove",
        _ => "kept",
    };

    private static void WriteJson(Utf8JsonWriter writer, CleanResult result)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("directories");
        foreach (var directory in result.Directories)
        {
            writer.WriteStartObject();
            writer.WriteString("path", directory.Path);
            writer.WriteNumber("ifindex", directory.InterfaceIndex);
            writer.WriteNumber("dispatcher", directory.DispatcherId.Value);
            writer.WriteString("verdict", JsonAnswer.NameOf(directory.Verdict));
            writer.WriteString("reason", directory.Reason);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteStartArray("chains");
        foreach (var chain in result.Chains)
        {
            writer.WriteStartObject();
            writer.WriteString("ifname", chain.InterfaceName);
            writer.WriteNumber("ifindex", chain.InterfaceIndex);
            writer.WriteNumber("dispatcher", chain.DispatcherId.Value);
            writer.WriteString("verdict", JsonAnswer.NameOf(chain.Verdict));
            writer.WriteString("reason", chain.Reason);
            StatusJson.WritePrograms(writer, "programs", chain.Programs);
            StatusJson.WriteLost(writer, "lost", chain.Lost);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
