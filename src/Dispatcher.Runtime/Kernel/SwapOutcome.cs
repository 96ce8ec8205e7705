namespace Dispatcher.Runtime.Kernel;

/// <summary>How a swap ended when it did not end in an error.</summary>
internal enum SwapResult
{
    /// <summary>The hook carries the replacement.</summary>
    Swapped,

    /// <summary>EEXIST: another program, or none, was attached; or another mode or an upper device is in the way.</summary>
    Mismatch,

    /// <summary>EBUSY: the hook was expected empty and was not, or a bpf_link owns it.</summary>
    Busy,
}

/// <summary>The answer to a swap. Anything but <see cref="SwapResult.Swapped"/> says: read again, what is read decides.</summary>
/// <param name="Result">What happened.</param>
/// <param name="KernelText">The kernel's extended acknowledgement, or null.</param>
internal readonly record struct SwapOutcome(SwapResult Result, string? KernelText = null);
