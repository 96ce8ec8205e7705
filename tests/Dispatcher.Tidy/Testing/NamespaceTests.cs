using Dispatcher.Testing;

namespace Dispatcher.Tidy.Testing;

[CollectionDefinition(nameof(NamespaceTests), DisableParallelization = true)]
[Collection(nameof(NamespaceTests))]
public sealed class NamespaceTests
{
    [RootFact]
    public void Two_namespaces_are_joined_by_a_pair_and_nothing_is_left()
    {
        var leaks = LeakCheck.Begin();
        using (var left = new NetNamespace())
        using (var right = new NetNamespace())
        using (var pair = new VethPair(left, right))
        {
            Assert.Contains(leaks.Differences(), d => d.Contains(left.Name, StringComparison.Ordinal));
            pair.AddAddresses("10.203.0.1/24", "fd00:203::2/64");
            Assert.Contains("LOWER_UP", pair.Left.Run("ip", "-o", "link", "show", "dev", pair.Left.Name).OrFail().Output, StringComparison.Ordinal);
            Assert.Contains("LOWER_UP", pair.Right.Run("ip", "-o", "link", "show", "dev", pair.Right.Name).OrFail().Output, StringComparison.Ordinal);
            Assert.Contains("inet 10.203.0.1/24", left.Run("ip", "-o", "addr").OrFail().Output, StringComparison.Ordinal);
            Assert.Contains("inet6 fd00:203::2/64", right.Run("ip", "-o", "addr").OrFail().Output, StringComparison.Ordinal);
            Assert.Matches("^([0-9a-f]{2}:){5}[0-9a-f]{2}$", pair.Left.ReadMac());
            Assert.True(pair.Right.ReadIndex() > 0);
            Assert.NotEqual(0, Tool.Run("ip", "link", "show", "dev", pair.Left.Name).ExitCode);
        }

        leaks.AssertNothingLeft();
    }

    [RootFact]
    public void A_pair_in_our_own_namespace_is_removed()
    {
        string name;
        using (var pair = new VethPair())
        {
            name = pair.Left.Name;
            Assert.Equal(0, Tool.Run("ip", "link", "show", "dev", name).ExitCode);
        }

        Assert.NotEqual(0, Tool.Run("ip", "link", "show", "dev", name).ExitCode);
    }

    [RootFact]
    public void A_pin_and_its_namespace_show_as_left_over()
    {
        using var bpffs = new BpfFs();
        var leaks = LeakCheck.Begin(bpffs.FullPath);
        Directory.CreateDirectory(bpffs.PathOf("left"));
        Assert.Equal([$"left over: pin {bpffs.PathOf("left")}"], leaks.Differences());
        Directory.Delete(bpffs.PathOf("left"));
        leaks.AssertNothingLeft();
    }
}
