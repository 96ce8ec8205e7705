using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Features;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.State;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Doctor;

[Collection(PortCollection.Name)]
public sealed class HostDoctorTests
{
    private static readonly string[] Basics =
        ["capabilities", "bpf system call", "BTF load", "XDP program load", "dispatcher load", "XDP attach", "expected-program swap"];

    [RootFact]
    public async Task Finds_the_basics_in_order_on_this_machine()
    {
        var findings = await HostDoctor.ExamineAsync(new XdpDispatcherOptions(), TestContext.Current.CancellationToken);
        foreach (var check in Basics)
            Assert.Equal((check, DoctorVerdict.Ok), (check, findings.Single(finding => finding.Check == check).Verdict));
        Assert.Equal(findings.Select(finding => finding.Check).Distinct(), findings.Select(finding => finding.Check));
        Assert.All(findings, finding => Assert.Equal(finding.Verdict == DoctorVerdict.Ok, finding.Advice is null));
    }

    [RootFact]
    public async Task Says_EPERM_and_why_where_EXT_is_refused()
    {
        Assert.SkipWhen(Machine.HasExt, "this kernel accepts EXT programs");
        var finding = await Find("EXT program load");
        Assert.Equal(DoctorVerdict.Failed, finding.Verdict);
        Assert.StartsWith("EPERM", finding.ErrnoText, StringComparison.Ordinal);
        Assert.Contains("a policy of this machine", finding.Advice, StringComparison.Ordinal);
    }

    [ExtFact]
    public async Task Replaces_a_function_where_EXT_is_accepted()
    {
        Assert.Equal(DoctorVerdict.Ok, (await Find("EXT program load")).Verdict);
        Assert.Equal(DoctorVerdict.Ok, (await Find("EXT attach")).Verdict);
    }

    [RootFact]
    public async Task Says_what_to_do_where_there_is_no_BPF_file_system_and_advises_no_mount_over_a_folder_of_others()
    {
        using var folder = new TempFolder();
        var finding = await Find("BPF file system", folder.FullPath);
        Assert.Equal(DoctorVerdict.Failed, finding.Verdict);
        Assert.StartsWith("Leave that out for /sys/fs/bpf", finding.Advice, StringComparison.Ordinal);
        Assert.StartsWith("Mount it with 'mount -t bpf bpf /sys/fs/bpf', or set LIBXDP_BPFFS_AUTOMOUNT=1", new PinPaths("/sys/fs/bpf").MountAdviceForAttach, StringComparison.Ordinal);
    }

    [RootFact]
    public async Task Leaves_a_BPF_file_system_as_it_was()
    {
        var files = LinuxKernel.Open().Files;
        using var own = new OwnBpfFs(files);
        var before = files.List(own.Root)!;
        Assert.Equal(DoctorVerdict.Ok, (await Find("BPF file system", own.Root)).Verdict);
        Assert.Equal(DoctorVerdict.Ok, (await Find("pin folder", own.Root)).Verdict);
        Assert.Equal(DoctorVerdict.Ok, (await Find("lock", own.Root)).Verdict);
        Assert.Equal(before, files.List(own.Root)!);
    }

    [RootFact]
    public async Task Names_who_holds_the_lock()
    {
        var files = LinuxKernel.Open().Files;
        using var own = new OwnBpfFs(files);
        using var taken = files.TryLock(own.Root);
        var finding = await Find("lock", own.Root);
        Assert.Equal((DoctorVerdict.Warning, $"held by process {Environment.ProcessId}"), (finding.Verdict, finding.Found));
    }

    private static async Task<DoctorFinding> Find(string check, string? bpfFs = null)
    {
        var options = bpfFs is null ? new XdpDispatcherOptions() : new XdpDispatcherOptions { BpfFsPath = bpfFs };
        return (await HostDoctor.ExamineAsync(options, TestContext.Current.CancellationToken)).Single(finding => finding.Check == check);
    }
}
