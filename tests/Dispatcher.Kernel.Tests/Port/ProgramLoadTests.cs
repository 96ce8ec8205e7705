using Dispatcher.Runtime;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

[Collection(PortCollection.Name)]
public sealed class ProgramLoadTests
{
    private const int ManyInstructions = 20_000;

    private readonly IBpf _bpf = LinuxKernel.Open().Bpf;

    [RootFact]
    public void Runs_a_program_on_a_packet()
    {
        using var program = _bpf.LoadXdp(TinyProgram.Drop);
        var packet = Enumerable.Range(0, 60).Select(i => (byte)i).ToArray();
        var result = _bpf.TestRun(program, packet, repeat: 5);
        Assert.Equal((uint)TinyProgram.Drop, result.Verdict);
        Assert.Equal(packet, result.Packet);
    }

    [RootFact]
    public void A_packet_shorter_than_an_Ethernet_header_is_an_error_of_the_caller()
    {
        using var program = _bpf.LoadXdp();
        Assert.Throws<ArgumentOutOfRangeException>(() => _bpf.TestRun(program, new byte[13]));
        Assert.Throws<ArgumentOutOfRangeException>(() => _bpf.TestRun(program, new byte[14], repeat: 0));
    }

    [RootFact]
    public void What_the_verifier_refuses_comes_with_its_log()
    {
        var error = Assert.Throws<VerifierException>(() => Load(exitOnly: 1));
        Assert.Equal(Errno.EACCES, error.Errno);
        Assert.Contains("R0 !read_ok", error.Message, StringComparison.Ordinal);
        Assert.Contains("0: (95) exit", error.Log, StringComparison.Ordinal);
    }

    [RootFact]
    public void A_log_larger_than_the_first_buffer_is_kept_to_its_last_line()
    {
        var error = Assert.Throws<VerifierException>(() => Load(exitOnly: 1, before: ManyInstructions));
        Assert.True(error.Log.Length > KernelLog.DefaultSizeBytes);
        Assert.Contains("R0 !read_ok", error.Message, StringComparison.Ordinal);
    }

    [RootFact]
    public void No_instructions_are_an_error_without_a_log() =>
        Assert.IsNotType<VerifierException>(Assert.ThrowsAny<Compiler.DispatcherException>(() => Load(exitOnly: 0)));

    [RootFact]
    public void BTF_that_the_kernel_refuses_comes_with_the_kernels_words()
    {
        var error = Assert.Throws<KernelException>(() => _bpf.LoadBtf(new byte[24]));
        Assert.Equal(Errno.EINVAL, error.Errno);
        Assert.False(string.IsNullOrEmpty(error.KernelText));
    }

    [RootFact]
    public void Where_EXT_is_refused_the_error_says_whether_a_capability_is_missing()
    {
        Assert.SkipWhen(Machine.HasExt, "this kernel accepts EXT programs");
        using var dispatcher = _bpf.LoadDispatcher();
        var error = Assert.Throws<KernelException>(() => _bpf.LoadExt(dispatcher));
        Assert.Equal(Errno.EPERM, error.Errno);
        Assert.Contains("a policy of this machine refuses", error.Message, StringComparison.Ordinal);
    }

    private ProgramFd Load(int exitOnly, int before = 0)
    {
        // r1 = 0, again and again; then an exit that reads r0, which nothing has written.
        byte[] move = [0xb7, 1, 0, 0, 0, 0, 0, 0], exit = [0x95, 0, 0, 0, 0, 0, 0, 0];
        byte[] code = [.. Enumerable.Repeat(move, before).SelectMany(bytes => bytes), .. Enumerable.Repeat(exit, exitOnly).SelectMany(bytes => bytes)];
        return _bpf.LoadProgram(new ProgramLoadRequest
        {
            Type = ProgramType.Xdp,
            Name = "refused",
            Instructions = code,
            License = "GPL",
            ExpectedAttachType = TinyProgram.AttachTypeXdp,
        });
    }
}
