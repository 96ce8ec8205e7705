using System.Collections.Immutable;
using System.Globalization;

namespace Dispatcher.Runtime.State;

/// <summary>Says what a user can do about what holds a hook. We do none of it ourselves.</summary>
internal static class HolderAdvice
{
    /// <summary>Sentences, in the order in which they are to be done.</summary>
    /// <param name="holder">What was found, without advice.</param>
    /// <param name="program">What is on the hook.</param>
    /// <param name="detachCommand">What takes a program off that netlink attached.</param>
    public static ImmutableArray<string> Give(ForeignHolder holder, ForeignProgram program, string detachCommand)
    {
        if (program.UnknownVersion is { } version)
        {
            return
            [
                string.Create(CultureInfo.InvariantCulture,
                    $"Upgrade xdp-dispatch to a release that knows version {version}, or unload the chain with the tool that made it."),
            ];
        }

        if (holder.Link is not null)
            return OfLink(holder);
        var tool = "Detach it with the tool that attached it";
        if (!holder.Processes.IsEmpty)
            tool += $" (perhaps that of {ForeignHolder.DescribeProcesses(holder.Processes)})";
        return holder.Attachment == HookAttachment.Netlink ? [$"{tool}, or with '{detachCommand}'."] : [tool + "."];
    }

    private static ImmutableArray<string> OfLink(ForeignHolder holder)
    {
        if (holder.Processes.IsEmpty && holder.Pins.IsEmpty)
            return [$"Detach it with 'bpftool link detach id {holder.Link}': no process and no pin that holds it is seen."];
        var advice = ImmutableArray.CreateBuilder<string>();
        if (!holder.Processes.IsEmpty)
            advice.Add($"End {ForeignHolder.DescribeProcesses(holder.Processes)}, or stop its service: bpf_link {holder.Link} goes with its last holder.");
        if (!holder.Pins.IsEmpty)
            advice.Add($"Remove the pin {ForeignHolder.DescribePins(holder.Pins)}, which keeps bpf_link {holder.Link}.");
        return advice.ToImmutable();
    }
}
