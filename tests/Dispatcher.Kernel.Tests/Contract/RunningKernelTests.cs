using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime.Interop;
using Dispatcher.SimulatedKernel.Contract;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Contract;

/// <summary>The running kernel keeps every rule that the simulated one knows.</summary>
[Collection(PortCollection.Name)]
public sealed class RunningKernelTests
{
    public static TheoryData<string> RulesForAnyKernel => [.. ContractRule.All.Where(rule => !rule.NeedsExt).Select(rule => rule.Name)];

    public static TheoryData<string> RulesForExt => [.. ContractRule.All.Where(rule => rule.NeedsExt).Select(rule => rule.Name)];

    [RootTheory]
    [MemberData(nameof(RulesForAnyKernel))]
    [Trait("Kernel", "Every")]
    public void The_running_kernel_keeps_the_rule(string rule) => Ask(rule);

    [ExtTheory]
    [MemberData(nameof(RulesForExt))]
    public void The_running_kernel_keeps_the_rule_of_components(string rule) => Ask(rule);

    private static void Ask(string name)
    {
        var rule = ContractRule.Named(name);
        Need.That(rule.Since is null || Environment.OSVersion.Version >= rule.Since, "Kernel", $"needs Linux {rule.Since}");
        PrivateNetwork.Run(() =>
        {
            using var machine = new LinuxContractMachine();
            rule.Check(machine);
        });
    }
}
