using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class FdInfoTests
{
    private const string Program =
        "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1057\nprog_type:\t6\nprog_jited:\t1\nprog_tag:\t3b185187f1855c4c\nmemlock:\t4096\nprog_id:\t46\nrun_time_ns:\t0\n";

    private const string Link =
        "pos:\t0\nflags:\t02000002\nmnt_id:\t15\nino:\t1057\nlink_type:\txdp\nlink_id:\t3\nprog_tag:\t3b185187f1855c4c\nprog_id:\t46\nifindex:\t2\n";

    [Theory]
    [InlineData("anon_inode:bpf-prog", true)]
    [InlineData("anon_inode:bpf_link", true)]
    [InlineData("anon_inode:bpf-link", true)]
    [InlineData("anon_inode:[bpf-prog]", true)]
    [InlineData("anon_inode:bpf-map", false)]
    [InlineData("anon_inode:btf", false)]
    [InlineData("anon_inode:[eventpoll]", false)]
    [InlineData("/tmp/bpf-prog", false)]
    [InlineData("bpf-prog", false)]
    [InlineData("", false)]
    public void Tells_programs_and_links_from_what_else_is_open(string target, bool expected) =>
        Assert.Equal(expected, FdInfo.IsProgramOrLink(target));

    [Fact]
    public void Names_the_program_of_a_program_fd() =>
        Assert.Equal(new BpfReference(new ProgramId(46), null), FdInfo.Read(Program));

    [Fact]
    public void A_link_fd_is_of_the_link_and_not_of_its_program() =>
        Assert.Equal(new BpfReference(null, new LinkId(3)), FdInfo.Read(Link));

    [Theory]
    [InlineData("")]
    [InlineData("prog_id:\t0\n")]
    [InlineData("prog_id:\tx\n")]
    [InlineData("prog_id:\t-1\n")]
    [InlineData("prog_id:\t99999999999\n")]
    [InlineData("owner_prog_id:\t4\n")]
    public void Text_without_an_id_names_nothing(string text) => Assert.Null(FdInfo.Read(text));
}
