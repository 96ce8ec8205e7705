using Dispatcher.SimulatedKernel.Contract;

namespace Dispatcher.Runtime.Tests.Contract;

/// <summary>The simulated kernel keeps every rule that is also asked of real kernels (Dispatcher.Kernel.Tests/Contract).</summary>
public sealed class SimulatedKernelTests
{
    public static TheoryData<string> Rules => [.. ContractRule.All.Select(rule => rule.Name)];

    [Theory]
    [MemberData(nameof(Rules))]
    public void The_simulated_kernel_keeps_the_rule(string rule)
    {
        using var machine = new SimContractMachine();
        ContractRule.Named(rule).Check(machine);
    }

    [Fact]
    public void Every_rule_has_a_name_of_its_own() =>
        Assert.Equal(ContractRule.All.Length, ContractRule.All.Select(rule => rule.Name).Distinct().Count());
}
