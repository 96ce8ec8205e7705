using System.Text;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.State;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>What reads text of the kernel leaves out what it does not understand: it throws nothing.</summary>
internal abstract class TextTarget : IFuzzTarget
{
    public abstract string Name { get; }

    public string Suite => "runtime";

    public abstract IReadOnlyList<Type> Covers { get; }

    public virtual IReadOnlyList<string> Words =>
        ["0", "1", "-1", "+1", " 1", "2147483648", "4294967295", "4294967296", "18446744073709551616", "\\040", "\\777", "\0", "\u00e9", "\u0661", "\r\n"];

    public abstract IEnumerable<byte[]> Seeds(SeedShelf shelf);

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => TextParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => false;

    public void Run(ReadOnlySpan<byte> input) => Read(Encoding.UTF8.GetString(input));

    protected abstract void Read(string text);

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}

/// <summary>Names in the directory of pins.</summary>
internal sealed class PinNameTarget : TextTarget
{
    private readonly PinPaths _paths = new("/sys/fs/bpf/");

    public override string Name => "pin-names";

    public override IReadOnlyList<Type> Covers => [typeof(PinPaths)];

    public override IReadOnlyList<string> Words => [.. base.Words, "dispatch-"];

    public override IEnumerable<byte[]> Seeds(SeedShelf shelf) => [Bytes("dispatch-2-46"), Bytes("dispatch-2147483647-4294967295"), Bytes("dispatch-2-46-incomplete"), Bytes("other")];

    protected override void Read(string text)
    {
        if (_paths.Parse(text) is { } directory)
            BrokenPromiseException.ThrowUnless(directory.Path == $"/sys/fs/bpf/xdp/{text}" && directory.InterfaceIndex > 0 && directory.Dispatcher.Value > 0, "a directory has the name that was read");
    }
}

/// <summary>/proc/PID/fdinfo and the target of /proc/PID/fd.</summary>
internal sealed class FdInfoTarget : TextTarget
{
    public override string Name => "fdinfo";

    public override IReadOnlyList<Type> Covers => [typeof(FdInfo)];

    public override IReadOnlyList<string> Words => [.. base.Words, "link_id:", "prog_id:", "anon_inode:[bpf-prog]"];

    public override IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
    [
        Bytes("pos:\t0\nflags:\t02000002\nmnt_id:\t15\nprog_type:\t6\nprog_id:\t46\nrun_time_ns:\t0\n"),
        Bytes("pos:\t0\nlink_type:\txdp\nlink_id:\t3\nprog_tag:\t3b185187f1855c4c\nprog_id:\t46\nifindex:\t2\n"),
        Bytes("anon_inode:bpf_link"),
        .. shelf.ReadText("/proc/self/fdinfo/0"),
    ];

    protected override void Read(string text)
    {
        FdInfo.IsProgramOrLink(text);
        BrokenPromiseException.ThrowUnless(FdInfo.Read(text) is not { Program: { Value: 0 } } and not { Link: { Value: 0 } }, "an id is not 0");
    }
}

/// <summary>/proc/PID/mountinfo.</summary>
internal sealed class MountTableTarget : TextTarget
{
    public override string Name => "mountinfo";

    public override IReadOnlyList<Type> Covers => [typeof(MountTable)];

    public override IReadOnlyList<string> Words => [.. base.Words, " - ", "nsfs", "net:[", "hidepid=2", "proc"];

    public override IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
    [
        Bytes("36 35 98:0 /a\\040b /mount/point rw,noatime master:1 shared:2 - proc /dev/sda1 rw,hidepid=ptraceable\n"),
        Bytes("1 2 0:4 net:[4026532176] /run/netns/x rw - nsfs nsfs rw\n"),
        .. shelf.ReadText("/proc/self/mountinfo"),
    ];

    protected override void Read(string text)
    {
        var lines = text.Split('\n');
        var mounts = MountTable.Read(lines);
        BrokenPromiseException.ThrowUnless(mounts.Length <= lines.Length, "a line is one mount at most");
        foreach (var mount in mounts)
        {
            MountTable.HidesProcesses(mount);
            MountTable.NetworkNamespaceOf(mount);
        }
    }
}

/// <summary>/proc/locks.</summary>
internal sealed class LockTableTarget : TextTarget
{
    public override string Name => "locks";

    public override IReadOnlyList<Type> Covers => [typeof(LockTable)];

    public override IReadOnlyList<string> Words => [.. base.Words, "FLOCK", "->", "00:1a:5678"];

    public override IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
    [
        Bytes("1: FLOCK  ADVISORY  WRITE 1234 00:1a:5678 0 EOF\n1: -> FLOCK  ADVISORY  WRITE 1240 00:1a:5678 0 EOF\n"),
        Bytes("2: POSIX  ADVISORY  READ 7 08:01:99 128 128\n"),
        .. shelf.ReadText("/proc/locks"),
    ];

    protected override void Read(string text) => BrokenPromiseException.ThrowUnless(
        LockTable.FindFlockHolder(text.Split('\n'), new FileIdentity(0, 0x1a, 5678, default)) is null or > 0, "a process has a number above 0");
}

/// <summary>The log of the verifier.</summary>
internal sealed class VerifierLogTarget : TextTarget
{
    public override string Name => "verifier-log";

    public override IReadOnlyList<Type> Covers => [typeof(VerifierLog)];

    public override IReadOnlyList<string> Words => [.. base.Words, "processed ", "verification time ", "stack depth ", "Verification failed:"];

    public override IEnumerable<byte[]> Seeds(SeedShelf shelf) =>
    [
        Bytes("0: R1=ctx(off=0,imm=0) R10=fp0\n0: (95) exit\nR0 !read_ok\nverification time 40 usec\nstack depth 0\nprocessed 1 insns (limit 1000000)\n"),
        Bytes("; return *p; @ x.c:3\nR0 !read_ok\nVerification failed:\n  because\n"),
    ];

    protected override void Read(string text)
    {
        BrokenPromiseException.ThrowUnless(VerifierLog.LastUsefulLine(text) is { Length: > 0 } line && !line.Contains('\n', StringComparison.Ordinal), "the last useful line is one line");
        BrokenPromiseException.ThrowUnless(VerifierLog.LastSourceLine(text) is not { } source || !source.Contains('\n', StringComparison.Ordinal), "the line of source is one line");
    }
}
