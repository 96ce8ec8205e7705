using Dispatcher.Runtime.Interop;

namespace Dispatcher.Runtime.Tests.Interop;

public sealed class MountTableTests
{
    [Fact]
    public void Reads_where_what_and_how()
    {
        var mount = Assert.Single(MountTable.Read(["36 35 98:0 /root /mount/point rw,noatime master:1 shared:2 - ext4 /dev/sda1 rw,errors=continue"]));

        Assert.Equal(("/root", "/mount/point", "ext4"), (mount.Root, mount.Point, mount.FileSystem));
        Assert.Equal(["rw", "noatime", "rw", "errors=continue"], mount.Options);
    }

    [Fact]
    public void Characters_that_separate_are_octal_in_it() =>
        Assert.Equal(@"/a b\c", Assert.Single(MountTable.Read([@"1 2 0:1 / /a\040b\134c rw - tmpfs none rw"])).Point);

    [Theory]
    [InlineData("")]
    [InlineData("1 2 0:1 / /a")]
    [InlineData("1 2 0:1 / /a rw tmpfs none rw")]
    [InlineData("1 2 0:1 / /a rw -")]
    [InlineData("- - - - - - -")]
    public void A_line_that_is_no_mount_is_left_out(string line) => Assert.Empty(MountTable.Read([line]));

    [Theory]
    [InlineData(@"\")]
    [InlineData(@"\04")]
    [InlineData(@"\999")]
    [InlineData(@"\777")]
    public void What_is_no_octal_character_stays(string text) =>
        Assert.Equal("/a" + text, Assert.Single(MountTable.Read([$"1 2 0:1 / /a{text} rw - tmpfs none rw"])).Point);

    [Theory]
    [InlineData("proc", "rw", false)]
    [InlineData("proc", "rw,hidepid=0", false)]
    [InlineData("proc", "rw,hidepid=noaccess", false)]
    [InlineData("proc", "rw,gid=4,hidepid=2", true)]
    [InlineData("proc", "rw,hidepid=invisible", true)]
    [InlineData("proc", "rw,hidepid=ptraceable", true)]
    [InlineData("tmpfs", "rw,hidepid=2", false)]
    public void Knows_a_proc_that_leaves_processes_out(string type, string options, bool expected) =>
        Assert.Equal(expected, MountTable.HidesProcesses(Assert.Single(MountTable.Read([$"1 2 0:1 / /proc rw - {type} proc {options}"]))));

    [Theory]
    [InlineData("nsfs", "net:[4026532176]", 4026532176ul)]
    [InlineData("nsfs", "mnt:[4026532176]", null)]
    [InlineData("tmpfs", "net:[4026532176]", null)]
    [InlineData("nsfs", "net:[x]", null)]
    public void Knows_a_mounted_network_namespace(string type, string root, ulong? inode) =>
        Assert.Equal(inode, MountTable.NetworkNamespaceOf(Assert.Single(MountTable.Read([$"1 2 0:4 {root} /run/netns/x rw - {type} nsfs rw"]))));
}
