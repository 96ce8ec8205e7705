using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>The instructions of a dispatcher.</summary>
/// <param name="Main">Entry function first, then the stubs.</param>
/// <param name="PassProgram">The program xdp_pass of the generic flavour.</param>
internal sealed record DispatcherCode(WrittenCode Main, WrittenCode? PassProgram)
{
    /// <summary>Writes the code of a spec.</summary>
    public static DispatcherCode Write(DispatcherSpec spec, StubBody body)
    {
        var lines = TwinLines.Of(spec);
        var isGeneric = spec.Flavour == DispatcherFlavour.Generic;
        var writer = new CodeWriter();
        if (isGeneric)
            GenericEntry.Write(writer, spec, lines);
        else
            SpecialisedEntry.Write(writer, spec, lines);

        var stubCount = DispatcherSource.StubCount(spec);
        for (var stub = 0; stub < stubCount; stub++)
            body.Write(writer.Function(DispatcherNames.Stub(stub), lines.Stub(stub)), stub);
        if (!isGeneric)
            return new DispatcherCode(writer.Finish(), null);

        body.Write(writer.Function(DispatcherNames.CompatTest, lines.CompatStub), stubCount);
        var passWriter = new CodeWriter();
        GenericEntry.WritePassProgram(passWriter, lines);
        return new DispatcherCode(writer.Finish(), passWriter.Finish());
    }
}
