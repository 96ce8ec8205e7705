using System.Globalization;
using System.Text;

namespace Dispatcher.Compiler.Bpf;

/// <summary>A program as text made for people and for snapshots: the same program gives the same text.</summary>
/// <remarks>
/// <code>
/// xdp_dispatcher:
///     0: r6 = r1
///     1: call prog0
///     2: if w0 != 2 goto rare_0
/// </code>
/// The notation of llvm-objdump, with names in place of distances. No byte order, no addresses.
/// </remarks>
public static class BpfListing
{
    /// <summary>The text of a program, lines end with LF.</summary>
    /// <param name="program">Assembled, or made from bare instructions.</param>
    public static string Render(BpfProgram program)
    {
        ArgumentNullException.ThrowIfNull(program);
        var text = new StringBuilder();
        var instructions = program.Instructions;
        var names = new Names(program);
        foreach (var function in program.Functions)
        {
            if (text.Length > 0)
                text.Append('\n');
            text.Append(function.Name).Append(":\n");
            for (var i = function.Start; i < function.Start + function.Count; i++)
            {
                foreach (var label in names.Labels[i])
                    text.Append(label).Append(":\n");

                var second = i + 1 < instructions.Length ? instructions[i + 1] : default;
                text.Append(CultureInfo.InvariantCulture, $"{i,8}: {Line(instructions[i], names, function, i, second)}\n");
                if (instructions[i].IsWide)
                    i++;
            }
        }

        return text.ToString();
    }

    /// <summary>The text of one instruction with distances as numbers.</summary>
    /// <param name="instruction">The instruction, or the first half of a 64-bit load.</param>
    /// <param name="second">The second half of a 64-bit load.</param>
    public static string Render(BpfInstruction instruction, BpfInstruction second = default) =>
        BpfInstructionText.Format(instruction, second, null);

    private static string Line(BpfInstruction instruction, Names names, BpfFunction function, int index, BpfInstruction second)
    {
        foreach (var map in names.Maps[index])
        {
            var place = map.IsValue ? string.Create(CultureInfo.InvariantCulture, $"[0]+{map.ValueOffset}") : "";
            return $"r{instruction.Destination} = map[{map.Map}]{place}";
        }

        return BpfInstructionText.Format(instruction, second, TargetOf(instruction, names, function, index));
    }

    private static string? TargetOf(BpfInstruction instruction, Names names, BpfFunction function, int index)
    {
        if (instruction.IsFunctionCall)
            return names.Calls[index].FirstOrDefault();
        if (!instruction.IsJump)
            return null;
        var target = index + 1 + instruction.Offset;
        return target < function.Start || target >= function.Start + function.Count ? null : names.Labels[target].FirstOrDefault();
    }

    /// <summary>The names of a program by the index of their instruction.</summary>
    private sealed class Names(BpfProgram program)
    {
        public ILookup<int, string> Labels { get; } = program.Labels.ToLookup(label => label.Index, label => label.Name);

        public ILookup<int, string> Calls { get; } = program.Calls.ToLookup(call => call.Index, call => call.Function);

        public ILookup<int, BpfMapReference> Maps { get; } = program.Maps.ToLookup(map => map.Index);
    }
}
