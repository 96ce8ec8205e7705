using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

/// <summary>Whatever the bytes of an object are: a message and an exit code, no crash, no hang.</summary>
public sealed class MutationTests
{
    private const int MutationsPerObject = 700;
    private static readonly TimeSpan LongestRun = TimeSpan.FromSeconds(20);

    public static TheoryData<string> Objects => ["firewall", "ids", "mark", "tail_call", "dispatcher"];

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task Mutated_objects_are_answered(string name)
    {
        var good = ObjectOf(name);
        var seed = Environment.TickCount;
        var random = new Random(seed);
        using var folder = new TempFolder();
        var answers = new HashSet<int>();
        for (var i = 0; i < MutationsPerObject; i++)
        {
            var path = folder.Write("m.o", Mutate(good, random));
            string[] args = i % 4 == 0 ? ["inspect", path, "--json"] : i % 4 == 1 ? ["inspect", path, "-v"] : ["inspect", path];
            var run = await CliRun.Of(args).WaitAsync(LongestRun, TestContext.Current.CancellationToken);
            var isAnswered = run.ExitCode is 0 or 1 && (run.ExitCode == 0 || run.Error.StartsWith("xdp-dispatch: ", StringComparison.Ordinal));
            if (!isAnswered || run.Error.Contains("unexpected", StringComparison.Ordinal))
                Assert.Fail($"{name}, seed {seed}, mutation {i}: exit {run.ExitCode}\n{(await CliRun.Of("inspect", path, "-v")).Error}");
            answers.Add(run.ExitCode);
        }

        Assert.Equal([0, 1], answers.Order());
    }

    [Theory]
    [MemberData(nameof(Objects))]
    public async Task Truncated_objects_are_answered(string name)
    {
        var good = ObjectOf(name);
        using var folder = new TempFolder();
        for (var length = 0; length < good.Length; length += 1 + good.Length / 150)
        {
            var run = await CliRun.Of("inspect", folder.Write("m.o", good.AsSpan(0, length))).WaitAsync(LongestRun, TestContext.Current.CancellationToken);
            Assert.True(run.ExitCode == 1 && !run.Error.Contains("unexpected", StringComparison.Ordinal), $"{name} cut at {length}: {run.ExitCode} {run.Error}");
        }
    }

    private static byte[] ObjectOf(string name) => name == "dispatcher"
        ? DispatcherGenerator.Generate(new DispatcherSpec(DispatcherVersion.V3, [Slot.Default, Slot.Default])).WriteElf()
        : ComponentObject.Read(name);

    // One to eight changes: a bit, a byte, an interesting value of four bytes, a piece copied elsewhere, or the end cut off.
    private static byte[] Mutate(byte[] good, Random random)
    {
        byte[] bytes = [.. good];
        for (var changes = random.Next(1, 9); changes > 0; changes--)
        {
            var at = random.Next(bytes.Length - 8);
            switch (random.Next(5))
            {
                case 0:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
                case 1:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 2:
                    uint[] values = [0, 1, 0x7fffffff, 0x80000000, 0xffffffff, (uint)bytes.Length, 0x10000];
                    BitConverter.TryWriteBytes(bytes.AsSpan(at), values[random.Next(values.Length)]);
                    break;
                case 3:
                    bytes.AsSpan(random.Next(bytes.Length - 8), 8).CopyTo(bytes.AsSpan(at));
                    break;
                default:
                    if (random.Next(10) == 0 && at > 64)
                        bytes = bytes[..at];
                    break;
            }
        }

        return bytes;
    }
}
