using Dispatcher.Runtime;

namespace Dispatcher.Simulation.Actors;

/// <summary>The programs that actors attach.</summary>
internal static class Components
{
    private const int Pass = 2;

    /// <summary>A component that lets every packet pass, unless the machine knows better by its name.</summary>
    public static ComponentProgram Make(string name, uint priority) => ComponentProgram.FromBytecode(name, Code()) with { Priority = priority };

    /// <summary>r0 = XDP_PASS; exit.</summary>
    public static byte[] Code()
    {
        byte[] code = [0xb7, 0, 0, 0, 0, 0, 0, 0, 0x95, 0, 0, 0, 0, 0, 0, 0];
        BitConverter.TryWriteBytes(code.AsSpan(4), Pass);
        return code;
    }
}
