using System.Buffers.Binary;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>The smallest XDP programs.</summary>
internal static class TinyProgram
{
    /// <summary>r0 = verdict; exit.</summary>
    internal static byte[] Returning(int verdict)
    {
        byte[] code = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BinaryPrimitives.WriteInt32LittleEndian(code.AsSpan(4), verdict);
        return code;
    }

    /// <summary>Loads an XDP program that returns a verdict.</summary>
    internal static ProgramFd LoadXdp(this IBpf bpf, int verdict = 2, string name = "tiny") => bpf.LoadProgram(new ProgramLoadRequest
    {
        Type = ProgramType.Xdp,
        Name = name,
        Instructions = Returning(verdict),
        License = "GPL",
        ExpectedAttachType = 37,
    });
}
