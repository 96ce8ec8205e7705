namespace Dispatcher.Interop.Tests;

/// <summary>The peer's table is read whole, so that a list that agrees does so for a reason.</summary>
public sealed class XdpLoaderStatusTests
{
    [Fact]
    public void Every_row_of_a_chain_is_read_and_nothing_else() => Assert.Equal(
        [
            new ListedProgram(10, "xdp_firewall", 6, "5fecad039f10ceb9", "XDP_PASS"),
            new ListedProgram(50, "xdp_counter", 519, "3b185187f1855c4c", "XDP_PASS,XDP_TX"),
        ],
        XdpLoader.Read("""
            CURRENT XDP PROGRAM STATUS:

            Interface        Prio  Program name      Mode     ID   Tag               Chain actions
            --------------------------------------------------------------------------------------
            lo                     <No XDP program loaded!>
            nic0                   xdp_dispatcher    native   14   aa7567c856f6f5c7
             =>              10     xdp_firewall              6    5fecad039f10ceb9  XDP_PASS
             =>              50     xdp_counter               519  3b185187f1855c4c  XDP_PASS,XDP_TX

            """));
}
