using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class InterfaceReadingTests
{
    private const int Pairs = 150;
    private const int Comings = 30;

    private readonly KernelPort _port = LinuxKernel.Open();

    [RootFact]
    public void A_fresh_network_namespace_has_loopback_alone_and_nothing_attached() => PrivateNetwork.Run(() =>
    {
        var lo = Assert.Single(_port.Hook.ReadAll());
        Assert.Equal((PrivateNetwork.LoopbackIfindex, "lo", 65536), (lo.Index, lo.Name, lo.Mtu));
        Assert.Empty(lo.Attached);
    });

    [RootFact]
    public void Reads_by_index_by_name_and_by_alternative_name_the_same() => PrivateNetwork.Run(() =>
    {
        const string LongName = "a-name-that-is-longer-than-fifteen-bytes";
        Tool.Run("ip", "link", "add", "left", "mtu", "1400", "type", "veth", "peer", "name", "right").OrFail();
        Tool.Run("ip", "link", "property", "add", "dev", "left", "altname", LongName).OrFail();
        Tool.Run("ip", "link", "property", "add", "dev", "left", "altname", "short-alt").OrFail();

        var left = _port.Hook.Read("left")!;

        Assert.Equal(("left", 1400), (left.Name, left.Mtu));
        Assert.Equal(left.Index, _port.Hook.Read(left.Index)!.Index);
        Assert.Equal(left.Index, _port.Hook.Read(LongName)!.Index);
        Assert.Equal(left.Index, _port.Hook.Read("short-alt")!.Index);
    });

    [RootTheory]
    [InlineData("")]
    [InlineData("no-such-name")]
    [InlineData("no-such-name-and-longer-than-fifteen")]
    [InlineData("with\0nul")]
    [InlineData("größer")]
    public void A_name_that_nothing_has_is_null(string name) => PrivateNetwork.Run(() => Assert.Null(_port.Hook.Read(name)));

    [RootFact]
    public void A_name_longer_than_any_can_be_is_null() => PrivateNetwork.Run(() => Assert.Null(_port.Hook.Read(new string('x', 4000))));

    [RootFact]
    public void Reads_many_interfaces_over_many_datagrams_as_ip_lists_them() => PrivateNetwork.Run(() =>
    {
        var batch = string.Concat(Enumerable.Range(0, Pairs).Select(i => $"link add a{i} type veth peer name b{i}\n"));
        Tool.Run(new ToolRequest("ip", "-batch", "-") { Input = System.Text.Encoding.ASCII.GetBytes(batch) }).OrFail();

        var all = _port.Hook.ReadAll();

        Assert.Equal(1 + (2 * Pairs), all.Length);
        var listed = Tool.Run("ip", "-o", "link").OrFail().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split([':', '@'], 3)).Select(part => (int.Parse(part[0], null), part[1].Trim())).Order();
        Assert.Equal(listed, all.Select(link => (link.Index, link.Name)).Order());
    });

    [RootFact]
    public void Reading_while_interfaces_come_and_go_never_fails() => PrivateNetwork.Run(() =>
    {
        var batch = string.Concat(Enumerable.Range(0, Comings).Select(i => $"link add a{i} type veth peer name b{i}\nlink del a{i}\n"));
        using var churn = System.Diagnostics.Process.Start(new System.Diagnostics.ProcessStartInfo("ip", ["-batch", "-"]) { RedirectStandardInput = true })!;
        churn.StandardInput.Write(batch);
        churn.StandardInput.Close();
        var readings = 0;
        while (!churn.HasExited)
        {
            Assert.Contains(_port.Hook.ReadAll(), link => link.Index == PrivateNetwork.LoopbackIfindex);
            readings++;
        }

        Assert.Equal(0, churn.ExitCode);
        Assert.True(readings > 0);
    });
}
