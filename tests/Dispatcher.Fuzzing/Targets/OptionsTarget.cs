using System.Globalization;
using System.Text;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime;
using Dispatcher.Runtime.DependencyInjection;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>Options of a host: a line each, durations in units of 100 ns; checked, and never an exception.</summary>
internal sealed class OptionsTarget : IFuzzTarget
{
    private readonly XdpDispatcherOptionsValidator _validator = new();

    public string Name => "options";

    public string Suite => "runtime";

    public IReadOnlyList<Type> Covers => [typeof(XdpDispatcherOptionsValidator)];

    public IReadOnlyList<string> Words => ["0", "-1", "9223372036854775807", "-9223372036854775808", "/", ".", "..", "\0", "\u202e"];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
        [.. new[] { "/sys/fs/bpf\nblue\n300000000\n10000\n1000000\n600000000", "relative\n/proc/1/ns/net\n0\n0\n-1\n-1", "/a\n..\n1\n2\n1\n0" }.Select(Encoding.UTF8.GetBytes)];

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => TextParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => false;

    public void Run(ReadOnlySpan<byte> input)
    {
        var lines = Encoding.UTF8.GetString(input).Split('\n');
        TimeSpan Duration(int line) => line < lines.Length && long.TryParse(lines[line], CultureInfo.InvariantCulture, out var ticks) ? TimeSpan.FromTicks(ticks) : TimeSpan.Zero;
        var result = _validator.Validate(null, new XdpDispatcherOptions
        {
            BpfFsPath = lines[0],
            NetworkNamespace = lines.Length > 1 ? lines[1] : null,
            Deadline = Duration(2),
            InitialBackoff = Duration(3),
            MaxBackoff = Duration(4),
            SweepGracePeriod = Duration(5),
        });
        BrokenPromiseException.ThrowUnless(result.Failures?.All(failure => !failure.Any(char.IsControl)) != false, "a failure is one line without control characters");
    }
}
