using Dispatcher.Compiler.Model;
using Dispatcher.Kernel.Tests.Chain;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;
using static Dispatcher.Kernel.Tests.Chain.ChainFixture;

namespace Dispatcher.Kernel.Tests.Probing;

/// <summary>What counting costs a packet. It prints; nothing is asserted about time.</summary>
public sealed class StatisticsCost
{
    private const int Rounds = 9;
    private const int RunsPerRound = 20_000;

    [ExtFact]
    public async Task Prints_how_much_longer_a_packet_takes_while_it_is_counted()
    {
        using var chain = new ChainFixture();
        await chain.Attach(chain.One, Returning("first", XdpAction.Pass), Returning("second", XdpAction.Pass));
        var bpf = LinuxKernel.Open().Bpf;
        using var dispatcher = bpf.OpenProgram((await chain.Read()).Chain!.DispatcherId)!;
        var (without, with) = (new List<uint>(), new List<uint>());
        for (var round = 0; round < Rounds; round++)
        {
            without.Add(bpf.TestRun(dispatcher, new byte[64], RunsPerRound).DurationNs);
            using var statistics = await chain.One.OpenStatisticsAsync(chain.Interface, Cancellation);
            with.Add(bpf.TestRun(dispatcher, new byte[64], RunsPerRound).DurationNs);
            Assert.All((await statistics.ReadAsync(Cancellation)).Components, component => Assert.Equal((ulong)RunsPerRound, component.Verdicts.Pass));
        }

        var (plain, counted) = (Median(without), Median(with));
        Figures.Print($"stats, chain of two components that do nothing: {plain} ns a packet, counted {counted} ns, ratio {(double)counted / plain:0.00} (median of {Rounds} times {RunsPerRound} test runs)");
    }

    private static uint Median(List<uint> values) => values.Order().ElementAt(values.Count / 2);
}
