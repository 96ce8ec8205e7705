using System.Collections.Immutable;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>Makes a dispatcher from its spec, without a C compiler.</summary>
public static class DispatcherGenerator
{
    /// <summary>Generates a dispatcher; the same spec gives the same bytes on every machine.</summary>
    /// <param name="spec">Version, slots and flavour.</param>
    public static DispatcherObject Generate(DispatcherSpec spec) => Generate(spec, StubBody.Replaceable);

    /// <summary>Generates a dispatcher with something else in its stubs, for tests on kernels that refuse components.</summary>
    /// <param name="spec">Version, slots and flavour.</param>
    /// <param name="body">What the stubs do.</param>
    internal static DispatcherObject Generate(DispatcherSpec spec, StubBody body)
    {
        ArgumentNullException.ThrowIfNull(spec);
        var code = DispatcherCode.Write(spec, body);
        var btf = new DispatcherBtf(spec, FunctionNames(code));
        var fileName = btf.Text(DispatcherSource.FileName);
        var lines = LinesOf(code.Main, btf, fileName);
        var passLines = code.PassProgram is null ? [] : LinesOf(code.PassProgram, btf, fileName);
        var functions = code.Main.Program.Functions;
        var ext = ExtOf(spec, code, btf, lines, passLines);
        return new DispatcherObject(
            spec, code, [.. functions.Select(f => new DispatcherFunction(f.Name, f.Start, f.Count, btf.Function(f.Name)))], btf.Build(), lines, ext);
    }

    // In clang's order: what stands first in the source comes first.
    private static IEnumerable<string> FunctionNames(DispatcherCode code)
    {
        foreach (var stub in code.Main.Program.Functions.Skip(1))
            yield return stub.Name;
        yield return DispatcherNames.Entry;
        if (code.PassProgram is not null)
            yield return DispatcherNames.PassProgram;
    }

    private static ImmutableArray<BtfLineInfo> LinesOf(WrittenCode code, DispatcherBtf btf, BtfStringOffset fileName)
    {
        var lines = ImmutableArray.CreateBuilder<BtfLineInfo>(code.Lines.Length);
        foreach (var (index, line) in code.Lines)
            lines.Add(new BtfLineInfo((uint)index, fileName, btf.Text(line.Text), (uint)line.Number, (uint)line.Column));
        return lines.MoveToImmutable();
    }

    // The entry stands at the start of its ELF section, xdp_pass behind it; the stubs stand in .text.
    private static BtfExt ExtOf(
        DispatcherSpec spec, DispatcherCode code, DispatcherBtf btf, ImmutableArray<BtfLineInfo> lines, ImmutableArray<BtfLineInfo> passLines)
    {
        var functions = code.Main.Program.Functions;
        var entryCount = (uint)functions[0].Count;
        ImmutableArray<BtfFuncInfo> programs = [new(0, btf.Function(DispatcherNames.Entry))];
        if (code.PassProgram is not null)
            programs = programs.Add(new(entryCount, btf.Function(DispatcherNames.PassProgram)));
        ImmutableArray<BtfFuncInfo> stubs = [.. functions.Skip(1).Select(f => new BtfFuncInfo((uint)f.Start - entryCount, btf.Function(f.Name)))];
        ImmutableArray<BtfLineInfo> programLines =
        [
            .. lines.Where(l => l.InstructionIndex < entryCount),
            .. passLines.Select(l => l with { InstructionIndex = l.InstructionIndex + entryCount }),
        ];
        ImmutableArray<BtfLineInfo> stubLines =
        [
            .. lines.Where(l => l.InstructionIndex >= entryCount).Select(l => l with { InstructionIndex = l.InstructionIndex - entryCount }),
        ];

        var text = btf.Text(DispatcherElf.TextSection);
        var xdp = btf.Text(DispatcherSource.SectionName(spec));
        return new BtfExt(
            [new(text, new(stubs)), new(xdp, new(programs))],
            [new(text, new(stubLines)), new(xdp, new(programLines))]);
    }
}
