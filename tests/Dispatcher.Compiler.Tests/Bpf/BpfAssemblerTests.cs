using Dispatcher.Compiler.Bpf;

namespace Dispatcher.Compiler.Tests.Bpf;

public sealed class BpfAssemblerTests
{
    [Fact]
    public void Resolves_jumps_forward_and_backward_and_calls_to_later_functions()
    {
        var program = new BpfAssembler()
            .Function("main")
            .Label("again")
            .Call("sub")
            .JumpIf(BpfComparison.Equal, BpfWidth.Bits32, BpfRegister.R0, 1, "again")
            .JumpIf(BpfComparison.Above, BpfWidth.Bits64, BpfRegister.R0, BpfRegister.R1, "end")
            .LoadImmediate64(BpfRegister.R0, 0x1122334455667788)
            .Label("end")
            .Exit()
            .Function("sub")
            .Move(BpfRegister.R0, 0)
            .Exit()
            .Assemble();

        Assert.Equal(
        [
            new BpfInstruction(0x85, 0, 1, 0, 5),
            new BpfInstruction(0x16, 0, 0, -2, 1),
            new BpfInstruction(0x2d, 0, 1, 2, 0),
            new BpfInstruction(0x18, 0, 0, 0, 0x55667788),
            new BpfInstruction(0, 0, 0, 0, 0x11223344),
            new BpfInstruction(0x95, 0, 0, 0, 0),
            new BpfInstruction(0xb7, 0, 0, 0, 0),
            new BpfInstruction(0x95, 0, 0, 0, 0),
        ], program.Instructions.AsEnumerable());
        Assert.Equal([new BpfFunction("main", 0, 6), new BpfFunction("sub", 6, 2)], program.Functions.AsEnumerable());
        Assert.Equal([new BpfLabel("again", 0), new BpfLabel("end", 5)], program.Labels.AsEnumerable());
        Assert.Equal([new BpfCallReference(0, "sub")], program.Calls.AsEnumerable());
    }

    [Fact]
    public void Keeps_map_references_by_name()
    {
        var program = new BpfAssembler().Function("f").LoadMap(BpfRegister.R1, "hash").LoadMapValue(BpfRegister.R2, ".rodata", 4).Exit().Assemble();

        Assert.Equal(
            [new BpfMapReference(0, "hash", IsValue: false, 0), new BpfMapReference(2, ".rodata", IsValue: true, 4)],
            program.Maps.AsEnumerable());
        Assert.Equal(new BpfInstruction(0x18, 2, 2, 0, 0), program.Instructions[2]);
        Assert.Equal(new BpfInstruction(0, 0, 0, 0, 4), program.Instructions[3]);
    }

    [Fact]
    public void The_same_label_may_stand_in_two_functions()
    {
        var program = new BpfAssembler()
            .Function("a").Jump("end").Label("end").Exit()
            .Function("b").Jump("end").Exit().Label("end").Exit()
            .Assemble();

        Assert.Equal(0, program.Instructions[0].Offset);
        Assert.Equal(1, program.Instructions[2].Offset);
    }

    [Fact]
    public void A_jump_reaches_as_far_as_16_bits_and_no_farther()
    {
        Assert.Equal(short.MaxValue, JumpOver(short.MaxValue).Assemble().Instructions[0].Offset);
        var error = Assert.Throws<InvalidOperationException>(() => JumpOver(short.MaxValue + 1).Assemble());
        Assert.Contains("32768 instructions away", error.Message, StringComparison.Ordinal);

        static BpfAssembler JumpOver(int count)
        {
            var code = new BpfAssembler().Function("f").Jump("end");
            for (var i = 0; i < count; i++)
                code.Move(BpfRegister.R0, i);
            return code.Label("end").Exit();
        }
    }

    [Fact]
    public void Refuses_what_cannot_be_resolved()
    {
        Refused("no label there", c => c.Function("f").Jump("there").Exit());
        Refused("no label there", c => c.Function("f").Label("there").Exit().Function("g").Jump("there").Exit());
        Refused("No function g", c => c.Function("f").Call("g").Exit());
        Refused("runs past its end", c => c.Function("f").Move(BpfRegister.R0, 0));
        Refused("runs past its end", c => c.Function("f").Call("f"));
        Refused("runs past its end", c => c.Function("f").Label("l").JumpIf(BpfComparison.Equal, BpfWidth.Bits32, BpfRegister.R0, 0, "l"));
        Refused("runs past its end", c => c.Function("f").LoadImmediate64(BpfRegister.R0, 0x95ul << 32));
        Refused("has no instructions", c => c.Function("f").Function("g").Exit());
        Refused("behind its last instruction", c => c.Function("f").Jump("end").Label("end"));
        Refused("behind its last instruction", c => c.Function("f").Jump("end").Label("end").Function("g").Exit());

        static void Refused(string reason, Func<BpfAssembler, BpfAssembler> write)
        {
            var error = Assert.Throws<InvalidOperationException>(() => write(new BpfAssembler()).Assemble());
            Assert.Contains(reason, error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Refuses_wrong_operands_at_once()
    {
        var code = new BpfAssembler().Function("f").Label("l");

        Assert.Throws<ArgumentOutOfRangeException>(() => code.Move((BpfRegister)11, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Move(BpfRegister.R0, (BpfRegister)11));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Move(BpfRegister.R10, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Load(BpfSize.Word, BpfRegister.R10, BpfRegister.R1, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.Store(BpfSize.Word, (BpfRegister)15, 0, BpfRegister.R1));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.JumpIf(BpfComparison.Equal, BpfWidth.Bits32, (BpfRegister)11, 0, "l"));
        Assert.Throws<ArgumentOutOfRangeException>(() => code.CallHelper(0));
        Assert.Throws<ArgumentException>(() => code.Label("l"));
        Assert.Throws<ArgumentException>(() => code.Function("f"));
        Assert.Throws<InvalidOperationException>(() => new BpfAssembler().Exit());
        Assert.Throws<InvalidOperationException>(() => new BpfAssembler().Label("l"));
    }
}
