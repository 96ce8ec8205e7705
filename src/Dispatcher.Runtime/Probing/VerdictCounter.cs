using System.Runtime.InteropServices;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Runtime.Probing;

/// <summary>The program that counts what a component returns: one u64 for each verdict, on each CPU.</summary>
/// <remarks>
/// Its context is an array of u64: the argument of the watched function, then what it returned. The value of the map:
/// <code>u64 aborted, drop, pass, tx, redirect, other</code>
/// Nobody else writes the numbers of this CPU, so nothing is atomic.
/// </remarks>
internal static class VerdictCounter
{
    /// <summary>Name of the program, as tools show it.</summary>
    public const string Name = "xdp_verdicts";

    /// <summary>Name of its map.</summary>
    public const string Map = "xdp_verdicts";

    /// <summary>Bytes of the map's value.</summary>
    public const int ValueSizeBytes = CounterCount * sizeof(ulong);

    /// <summary>Place of the return value in the context, after the one argument.</summary>
    public const short ReturnValueOffset = sizeof(ulong);

    private const int CounterCount = (int)XdpAction.Redirect + 2;
    private const int Other = CounterCount - 1;

    /// <summary>The program.</summary>
    public static BpfProgram Program { get; } = Assemble();

    /// <summary>Adds up what all CPUs counted.</summary>
    /// <param name="perCpu">Values of the map, CPU by CPU.</param>
    public static VerdictCounts Sum(ReadOnlySpan<byte> perCpu)
    {
        Span<ulong> sums = stackalloc ulong[CounterCount];
        var numbers = MemoryMarshal.Cast<byte, ulong>(perCpu);
        for (var i = 0; i < numbers.Length; i++)
            sums[i % CounterCount] += numbers[i];
        return new VerdictCounts(sums[0], sums[1], sums[2], sums[3], sums[4], sums[Other]);
    }

    private static BpfProgram Assemble() => new BpfAssembler()
        .Function(Name)
        .Load(BpfSize.Double, BpfRegister.R6, BpfRegister.R1, ReturnValueOffset)
        .Alu(BpfAluOperation.Move, BpfWidth.Bits32, BpfRegister.R6, BpfRegister.R6)
        .JumpIf(BpfComparison.BelowOrEqual, BpfWidth.Bits64, BpfRegister.R6, (int)XdpAction.Redirect, "known")
        .Move(BpfRegister.R6, Other)
        .Label("known")
        .FindFirstElement(Map, "out")
        .Alu(BpfAluOperation.ShiftLeft, BpfWidth.Bits64, BpfRegister.R6, 3)
        .Alu(BpfAluOperation.Add, BpfWidth.Bits64, BpfRegister.R0, BpfRegister.R6)
        .AddOne()
        .Label("out")
        .Move(BpfRegister.R0, 0)
        .Exit()
        .Assemble();
}
