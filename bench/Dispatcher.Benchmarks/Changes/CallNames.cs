using System.Globalization;
using System.Text.RegularExpressions;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>Names of system calls and of the commands of bpf(2), from the headers of this machine.</summary>
internal sealed partial class CallNames
{
    /// <summary>Reading the next command and writing the answer: not part of a change, which reads files by pread64 only.</summary>
    public const string OfLineProtocol = "line protocol";

    private readonly Dictionary<int, string> _calls;
    private readonly List<string> _commands;

    private CallNames(Dictionary<int, string> calls, List<string> commands)
    {
        _calls = calls;
        _commands = commands;
    }

    /// <summary>Reads the headers.</summary>
    public static CallNames Read()
    {
        var calls = SystemCallNumber().Matches(File.ReadAllText("/usr/include/x86_64-linux-gnu/asm/unistd_64.h"))
            .ToDictionary(match => int.Parse(match.Groups[2].Value, CultureInfo.InvariantCulture), match => match.Groups[1].Value);
        var commands = BpfCommands().Match(File.ReadAllText("/usr/include/linux/bpf.h")).Groups[1].Value;
        return new CallNames(calls, [.. BpfCommand().Matches(commands).Select(match => match.Groups[1].Value)]);
    }

    /// <summary>The name of a call.</summary>
    /// <param name="number">Of the system call.</param>
    /// <param name="firstArgument">In hex.</param>
    public string Of(int number, string firstArgument)
    {
        var name = _calls.GetValueOrDefault(number) ?? string.Create(CultureInfo.InvariantCulture, $"call {number}");
        return (name, int.TryParse(firstArgument, NumberStyles.HexNumber, CultureInfo.InvariantCulture, out var argument) ? argument : -1) switch
        {
            ("read" or "write", _) => OfLineProtocol,
            ("bpf", var command) when command >= 0 && command < _commands.Count => $"bpf {_commands[command]}",
            _ => name,
        };
    }

    [GeneratedRegex(@"^#define __NR_(\w+) (\d+)$", RegexOptions.Multiline)]
    private static partial Regex SystemCallNumber();

    [GeneratedRegex(@"enum bpf_cmd \{(.*?)\}", RegexOptions.Singleline)]
    private static partial Regex BpfCommands();

    // BPF_PROG_RUN is another name of the command before it.
    [GeneratedRegex(@"^\s*BPF_(\w+),", RegexOptions.Multiline)]
    private static partial Regex BpfCommand();
}
