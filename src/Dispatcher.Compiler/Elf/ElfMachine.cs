namespace Dispatcher.Compiler.Elf;

/// <summary>The machine an object is for: <c>e_machine</c>. Any value may be read; these have names.</summary>
/// <remarks>Source: ELF specification and elf.h, <c>EM_*</c>.</remarks>
public enum ElfMachine : ushort
{
    /// <summary>No machine.</summary>
    None = 0,

    /// <summary>Intel 80386.</summary>
    I386 = 3,

    /// <summary>MIPS.</summary>
    Mips = 8,

    /// <summary>PowerPC, 64 bits.</summary>
    PowerPc64 = 21,

    /// <summary>IBM S/390.</summary>
    S390 = 22,

    /// <summary>Arm, 32 bits.</summary>
    Arm = 40,

    /// <summary>SPARC, 64 bits.</summary>
    SparcV9 = 43,

    /// <summary>AMD x86-64.</summary>
    X8664 = 62,

    /// <summary>Arm, 64 bits.</summary>
    AArch64 = 183,

    /// <summary>RISC-V.</summary>
    RiscV = 243,

    /// <summary>The kernel's BPF virtual machine.</summary>
    Bpf = 247,

    /// <summary>LoongArch.</summary>
    LoongArch = 258,
}

/// <summary>Names of machines for messages.</summary>
public static class ElfMachineNames
{
    /// <summary>For example <c>BPF</c> or <c>x86-64</c>; a machine without a name is <c>machine 4711</c>.</summary>
    public static string DisplayName(this ElfMachine machine) => machine switch
    {
        ElfMachine.None => "no machine",
        ElfMachine.I386 => "i386",
        ElfMachine.Mips => "MIPS",
        ElfMachine.PowerPc64 => "PowerPC64",
        ElfMachine.S390 => "S/390",
        ElfMachine.Arm => "Arm",
        ElfMachine.SparcV9 => "SPARC v9",
        ElfMachine.X8664 => "x86-64",
        ElfMachine.AArch64 => "AArch64",
        ElfMachine.RiscV => "RISC-V",
        ElfMachine.Bpf => "BPF",
        ElfMachine.LoongArch => "LoongArch",
        _ => $"machine {(ushort)machine}",
    };
}
