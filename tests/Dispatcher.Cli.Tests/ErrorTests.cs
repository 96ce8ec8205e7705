using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests;

public sealed class ErrorTests
{
    private const string Log = "0: R1=ctx() R10=fp0\n; return *p;\n1: (61) r0 = *(u32 *)(r1 +400)\ninvalid bpf_context access off=400 size=4\nprocessed 2 insns (limit 1000000) max_states_per_insn 0\n";

    public static IReadOnlyList<(int ExitCode, string Kind, Exception Exception)> Errors { get; } =
    [
        (6, "not-found", new NotFoundException("There is no program with id 7 in the chain of eth0.")),
        (3, "foreign-program", new ForeignProgramException("eth0", new ForeignProgram(new ProgramId(12), "xdp\x1b_x", "it has no dispatcher marker"))),
        (3, "foreign-program", new ForeignProgramException("eth0", new ForeignProgram(new ProgramId(12), "xdp_dispatcher", "its marker says protocol version 9, and this tool knows 1 to 3"))),
        (3, "foreign-program", new ForeignProgramException("eth2", Samples.HeldByLink.Foreign!)),
        (3, "broken-chain", new BrokenChainException("eth3", Samples.Broken.Broken!)),
        (4, "unsupported-kernel", new UnsupportedKernelException("programs of type EXT", "5.6", 22)),
        (5, "contention", new ContentionException("eth0", 17, TimeSpan.FromSeconds(30.04), "another process swapped the dispatcher first")),
        (1, "verifier", new VerifierException("xdp_refused", 13, Log, "refused.o")),
        (1, "kernel", new KernelException("RTM_SETLINK eth0", 95, "Underlying driver does not support XDP in native mode")),
        (1, "permission", new KernelException("BPF_PROG_LOAD xdp_dispatcher", 1)),
        (1, "refused", new RefusedException("The chain of eth0 has 10 programs already, which is the most; unload one first.")),
        (1, "component", new ComponentException("a.o has no license, and its helpers need GPL.", "libbpf: prog 'x': BPF program load failed\n")),
        (1, "malformed-object", new MalformedObjectException("BTF", 24, "type ids are 1 to 30")),
        (2, "usage", new UsageException("unload needs to know which programs")),
        (1, "io", new IOException("No space left on device : '/tmp/x'")),
        (130, "interrupted", new OperationCanceledException()),
        (1, "internal", new InvalidOperationException("Sequence contains no elements")),
    ];

    [Fact]
    public async Task Each_error_has_its_message_and_exit_code()
    {
        var text = "";
        foreach (var (exitCode, _, exception) in Errors)
        {
            var run = await CliRun.Of(new RecordedHost { Failure = exception }, "status", "eth0");
            Assert.Equal((exitCode, ""), (run.ExitCode, run.Output));
            text += run.Describe("status", "eth0") + "\n";
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task With_json_the_error_is_an_object_on_standard_output_and_the_text_stays_on_standard_error()
    {
        var text = "";
        foreach (var (exitCode, kind, exception) in Errors)
        {
            var run = await CliRun.Of(new RecordedHost { Failure = exception }, "status", "eth0", "--json");
            using var document = System.Text.Json.JsonDocument.Parse(run.Output);
            var error = document.RootElement.GetProperty("error");
            Assert.Equal((exitCode, kind), (error.GetProperty("exitCode").GetInt32(), error.GetProperty("kind").GetString()));
            Assert.StartsWith("xdp-dispatch: ", run.Error, StringComparison.Ordinal);
            text += run.Output;
        }

        Snapshot.Verify(text);
    }

    [Fact]
    public async Task Verbose_prints_the_whole_log_of_the_verifier()
    {
        var host = new RecordedHost { Failure = new VerifierException("xdp_refused", 13, Log) };
        var run = await CliRun.Of(host, "status", "-v");
        Assert.Contains(Log, run.Error, StringComparison.Ordinal);
        var json = await CliRun.Of(host, "status", "-v", "--json");
        Assert.Contains("invalid bpf_context access off=400 size=4\\nprocessed", json.Output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Verbose_prints_the_log_of_libbpf_when_it_stands_behind_the_error()
    {
        var inner = new VerifierException("x", 22, "R0 !read_ok\n");
        var run = await CliRun.Of(new RecordedHost { Failure = new ComponentException("x cannot be loaded.", null, inner) }, "status", "-v");
        Assert.Contains("R0 !read_ok", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_stack_trace_is_for_unexpected_errors_and_only_on_request()
    {
        foreach (var (_, kind, exception) in Errors)
        {
            var quiet = await CliRun.Of(new RecordedHost { Failure = exception }, "status");
            var verbose = await CliRun.Of(new RecordedHost { Failure = exception }, "status", "-v");
            Assert.DoesNotContain("   at ", quiet.Error, StringComparison.Ordinal);
            Assert.Equal(kind == "internal", verbose.Error.Contains("   at ", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_missing_interface_gets_the_names_there_are()
    {
        var host = new RecordedHost { Failure = new NotFoundException("There is no interface eht0.") { MissingInterface = "eht0" } };
        Snapshot.Verify((await CliRun.Of(host, "status", "eht0")).Describe("status", "eht0")
            + (await CliRun.Of(host, "unload", "wlan0", "-a")).Describe("unload", "wlan0", "-a")
            + (await CliRun.Of(host, "load", "eth9", "a.o")).Describe("load", "eth9", "a.o")
            + (await CliRun.Of(host, "load", "a.o", "b.o")).Describe("load", "a.o", "b.o")
            + (await CliRun.Of(host, "inspect", "etho")).Describe("inspect", "etho"));
    }

    [Fact]
    public async Task An_interface_among_the_objects_is_told()
    {
        var host = new RecordedHost { Failure = new NotFoundException("There is no file 'eth1'; check the path.") { MissingFile = "eth1" } };
        var run = await CliRun.Of(host, "load", "eth0", "eth1", "a.o");
        Assert.Contains("hint: 'eth1' is an interface; several are written as one word: eth0,eth1", run.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_program_that_asks_its_driver_is_to_be_bound()
    {
        var host = new RecordedHost { Failure = new VerifierException("xdp_metadata", 22, "metadata kfuncs require device-bound program\nprocessed 0 insns\n") };
        Assert.Contains("hint: --device-bound binds", (await CliRun.Of(host, "load", "eth0", "metadata.o")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_before_the_interface_is_told()
    {
        var host = new RecordedHost { Failure = new NotFoundException("There is no file 'eth1'; check the path.") { MissingFile = "eth1" } };
        Assert.Contains("hint: 'eth1' is an interface, which comes before object files: eth1 a.o", (await CliRun.Of(host, "load", "a.o", "eth1")).Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_permission_says_who_may()
    {
        var failure = new KernelException("BPF_PROG_LOAD xdp_dispatcher", 1);
        var user = await CliRun.Of(new RecordedHost { Failure = failure, IsRoot = false }, "status");
        var root = await CliRun.Of(new RecordedHost { Failure = failure, IsRoot = true }, "status");
        Assert.Contains("run it as root, or give it CAP_BPF, CAP_NET_ADMIN, CAP_PERFMON, CAP_SYS_ADMIN and CAP_DAC_OVERRIDE", user.Error, StringComparison.Ordinal);
        Assert.Contains("doctor", root.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_error_of_the_project_has_an_exit_code()
    {
        var types = new[] { typeof(DispatcherException).Assembly, typeof(KernelException).Assembly }
            .SelectMany(assembly => assembly.GetTypes())
            .Where(type => type.IsSubclassOf(typeof(DispatcherException)));
        var covered = Errors.Select(e => e.Exception.GetType()).ToHashSet();
        Assert.DoesNotContain(types, type => !covered.Contains(type));
    }
}
