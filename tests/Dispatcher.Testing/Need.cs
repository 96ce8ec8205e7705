namespace Dispatcher.Testing;

/// <summary>
/// What a test requires of the machine. Not met: the test is skipped with the reason, and fails in CI unless docs/testing.md lists
/// the reason, and fails anywhere when the environment variable <c>MUST_HAVE</c> names it (<c>MUST_HAVE=Ext,Root</c>), as test.sh does in the VM.
/// </summary>
public static class Need
{
    /// <summary>The test runs as root.</summary>
    public static void Root() => That(Machine.IsRoot, "Root", "needs root");

    /// <summary>The program is installed; returns its full path.</summary>
    public static string Tool(string name)
    {
        var path = Testing.Tool.Find(name);
        That(path is not null, $"Tool:{name}", $"needs tool {name}");
        return path!;
    }

    /// <summary>The bpf system call works for us.</summary>
    public static void Bpf() => That(Machine.HasBpf, "Bpf", "needs the bpf system call");

    /// <summary>The kernel shows its own BTF.</summary>
    public static void Vmlinux() => That(File.Exists(Machine.VmlinuxPath), "Vmlinux", $"needs {Machine.VmlinuxPath}");

    /// <summary>The kernel accepts programs of type EXT.</summary>
    public static void Ext() => That(Machine.HasExt, "Ext", Machine.ExtReason);

    /// <summary>Any other requirement.</summary>
    /// <param name="isMet">Whether it holds.</param>
    /// <param name="key">Short word for <c>MUST_HAVE</c>.</param>
    /// <param name="reason">Ends the sentence "This test ...", for example <c>needs root</c>. Stable: docs/testing.md may list it.</param>
    public static void That(bool isMet, string key, string reason)
    {
        if (isMet)
            return;
        if (SkipPolicy.MayLeaveOut(key, reason))
            Assert.Skip(reason);
        Assert.Fail($"This test {reason}, and here it may not be left out (CI=true or MUST_HAVE={key}). Reasons that CI accepts are listed in docs/testing.md.");
    }
}
