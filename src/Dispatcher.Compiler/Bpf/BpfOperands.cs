namespace Dispatcher.Compiler.Bpf;

/// <summary>A register of the BPF machine.</summary>
public enum BpfRegister : byte
{
    /// <summary>Return value of a call and of a function.</summary>
    R0,

    /// <summary>First argument; lost by a call.</summary>
    R1,

    /// <summary>Second argument; lost by a call.</summary>
    R2,

    /// <summary>Third argument; lost by a call.</summary>
    R3,

    /// <summary>Fourth argument; lost by a call.</summary>
    R4,

    /// <summary>Fifth argument; lost by a call.</summary>
    R5,

    /// <summary>Kept across calls.</summary>
    R6,

    /// <summary>Kept across calls.</summary>
    R7,

    /// <summary>Kept across calls.</summary>
    R8,

    /// <summary>Kept across calls.</summary>
    R9,

    /// <summary>Frame pointer; read only.</summary>
    R10,
}

/// <summary>What an arithmetic instruction does; the value is the kernel's operation field.</summary>
public enum BpfAluOperation : byte
{
    /// <summary><c>dst += src</c>.</summary>
    Add = 0x00,

    /// <summary><c>dst -= src</c>.</summary>
    Subtract = 0x10,

    /// <summary><c>dst *= src</c>.</summary>
    Multiply = 0x20,

    /// <summary><c>dst /= src</c>, unsigned.</summary>
    Divide = 0x30,

    /// <summary><c>dst |= src</c>.</summary>
    Or = 0x40,

    /// <summary><c>dst &amp;= src</c>.</summary>
    And = 0x50,

    /// <summary><c>dst &lt;&lt;= src</c>.</summary>
    ShiftLeft = 0x60,

    /// <summary><c>dst &gt;&gt;= src</c>, zeros come in.</summary>
    ShiftRight = 0x70,

    /// <summary><c>dst %= src</c>, unsigned.</summary>
    Modulo = 0x90,

    /// <summary><c>dst ^= src</c>.</summary>
    Xor = 0xa0,

    /// <summary><c>dst = src</c>.</summary>
    Move = 0xb0,

    /// <summary><c>dst s&gt;&gt;= src</c>, the sign comes in.</summary>
    ShiftRightSigned = 0xc0,
}

/// <summary>When a conditional jump is taken; the value is the kernel's operation field.</summary>
public enum BpfComparison : byte
{
    /// <summary><c>dst == src</c>.</summary>
    Equal = 0x10,

    /// <summary><c>dst &gt; src</c>, unsigned.</summary>
    Above = 0x20,

    /// <summary><c>dst &gt;= src</c>, unsigned.</summary>
    AboveOrEqual = 0x30,

    /// <summary><c>dst &amp; src</c> is not zero.</summary>
    AnyBitSet = 0x40,

    /// <summary><c>dst != src</c>.</summary>
    NotEqual = 0x50,

    /// <summary><c>dst &gt; src</c>, signed.</summary>
    Greater = 0x60,

    /// <summary><c>dst &gt;= src</c>, signed.</summary>
    GreaterOrEqual = 0x70,

    /// <summary><c>dst &lt; src</c>, unsigned.</summary>
    Below = 0xa0,

    /// <summary><c>dst &lt;= src</c>, unsigned.</summary>
    BelowOrEqual = 0xb0,

    /// <summary><c>dst &lt; src</c>, signed.</summary>
    Less = 0xc0,

    /// <summary><c>dst &lt;= src</c>, signed.</summary>
    LessOrEqual = 0xd0,
}

/// <summary>How many bits an operation looks at.</summary>
public enum BpfWidth
{
    /// <summary>The lower 32 bits, written <c>w0</c>; arithmetic clears the upper ones.</summary>
    Bits32,

    /// <summary>All 64 bits, written <c>r0</c>.</summary>
    Bits64,
}

/// <summary>How much a load or store moves; the value is the kernel's size field.</summary>
public enum BpfSize : byte
{
    /// <summary>4 bytes.</summary>
    Word = 0x00,

    /// <summary>2 bytes.</summary>
    Half = 0x08,

    /// <summary>1 byte.</summary>
    Byte = 0x10,

    /// <summary>8 bytes.</summary>
    Double = 0x18,
}
