namespace Dispatcher.Runtime.Kernel;

/// <summary>What must be on the hook for a swap to happen: nothing, or one program.</summary>
/// <remarks>
/// One value, so that the netlink flag and the fd cannot be given apart: the kernel ignores
/// <c>IFLA_XDP_EXPECTED_FD</c> without <c>XDP_FLAGS_REPLACE</c>, and the swap would then be unconditional.
/// There is no expectation "anything".
/// </remarks>
internal readonly struct HookExpectation
{
    private HookExpectation(ProgramFd? program) => Program = program;

    /// <summary>The program that must be attached, or null when the hook must be empty.</summary>
    public ProgramFd? Program { get; }

    /// <summary>The hook carries no program: <c>XDP_FLAGS_UPDATE_IF_NOEXIST</c>.</summary>
    public static HookExpectation Empty => default;

    /// <summary>The hook carries this program: <c>XDP_FLAGS_REPLACE</c> with <c>IFLA_XDP_EXPECTED_FD</c>, kernel 5.7.</summary>
    /// <param name="program">Borrowed; held open by the caller, so its identity cannot be reused.</param>
    public static HookExpectation Holds(ProgramFd program)
    {
        ArgumentNullException.ThrowIfNull(program);
        return new HookExpectation(program);
    }
}
