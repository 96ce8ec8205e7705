namespace Dispatcher.Runtime.Tests;

public sealed class VerifierLogTests
{
    private const string Code = "0: R1=ctx() R10=fp0\n0: (bf) r0 = r2\nR2 !read_ok\n";
    private const string Statistics = "verification time 9 usec\nstack depth 0\nprocessed 1 insns (limit 1000000) max_states_per_insn 0\n";

    [Fact]
    public void The_line_before_the_statistics_says_why() =>
        Assert.Equal("R2 !read_ok", VerifierLog.LastUsefulLine(Code + Statistics));

    [Fact]
    public void The_registers_of_a_loop_without_end_are_not_why() => Assert.Equal(
        "infinite loop detected at insn 2",
        VerifierLog.LastUsefulLine("2: (05) goto pc-1\ninfinite loop detected at insn 2\ncur state: R1_w=0 R10=fp0\nold state: R1_w=0 R10=fp0\n" + Statistics));

    [Fact]
    public void The_report_of_newer_kernels_does_not_hide_it() => Assert.Equal(
        "R2 !read_ok",
        VerifierLog.LastUsefulLine(Code + """

            Verification failed: Register Type Safety: Unreadable register

            Reason:
              R2 has never been initialized on this path, so the verifier cannot use it as an input.

            Suggestion:
              Initialize R2 on every path before this instruction.

            """ + Statistics));

    [Theory]
    [InlineData("; return a; @ x.c:3\n0: (bf) r0 = r2\n; return *p; @ x.c:34\n1: (61) r0 = *(u32 *)(r1 +400)\ninvalid access\n", "return *p; @ x.c:34")]
    [InlineData("; return *p;\ninvalid access\n\nVerification failed: x\n\n; not of the program\n", "return *p;")]
    [InlineData(Code, null)]
    public void The_line_of_source_is_the_last_one_before_the_refusal(string log, string? line) =>
        Assert.Equal(line, VerifierLog.LastSourceLine(log + Statistics));

    [Theory]
    [InlineData("invalid func unknown#200", "this kernel has no helper function 200, and a newer one has")]
    [InlineData("arg0 in wrong() is not a pointer to context", "an XDP program takes one argument, a struct xdp_md *")]
    [InlineData("R2 !read_ok", null)]
    public void A_reason_that_does_not_say_enough_is_explained(string reason, string? meaning) => Assert.Equal(meaning, VerifierLog.Meaning(reason));

    [Fact]
    public void An_empty_log_is_called_one() => Assert.Equal("no log", VerifierLog.LastUsefulLine(Statistics));
}
