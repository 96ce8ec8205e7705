using Dispatcher.Testing;

namespace Dispatcher.Tidy.Testing;

public sealed class NeedAttributeTests
{
    [ExtFact]
    public void An_EXT_test_runs_only_where_the_kernel_accepts_EXT() => Assert.True(Machine.HasExt);

    [ExtTheory]
    [InlineData(1)]
    [InlineData(2)]
    public void An_EXT_theory_too(int row) => Assert.True(Machine.HasExt, $"row {row}");

    [RootFact]
    public void A_root_test_runs_only_where_BPF_works_for_us() => Assert.True(Machine.HasBpf && Machine.IsRoot);

    [RootTheory]
    [InlineData(1)]
    public void A_root_theory_too(int row) => Assert.True(Machine.HasBpf, $"row {row}");
}
