using System.Globalization;
using System.Runtime.CompilerServices;
using Mono.Cecil;
using Mono.Cecil.Cil;
using Mono.Cecil.Rocks;

namespace Dispatcher.Fuzzing.Coverage;

/// <summary>Rewrites assemblies so that both sides of every conditional jump call <see cref="BranchCounter.Hit"/>.</summary>
/// <remarks>
/// A branch is one way out of a conditional jump or switch of the IL, so what the C# compiler adds (caches of lambdas,
/// null checks of <c>using</c>) counts too. What it writes for records (equality, text) is left out.
/// </remarks>
internal sealed class Instrumenter
{
    private readonly List<string> _types = [];
    private readonly List<string> _places = [];

    /// <summary>Full name of the outermost type of each branch.</summary>
    public string[] Types => [.. _types];

    /// <summary>Source file, line and method of each branch.</summary>
    public string[] Places => [.. _places];

    /// <summary>Instruments one assembly.</summary>
    /// <param name="path">Its file, with the symbols beside it.</param>
    /// <returns>The rewritten assembly.</returns>
    public byte[] Rewrite(string path)
    {
        using var resolver = new DefaultAssemblyResolver();
        resolver.AddSearchDirectory(Path.GetDirectoryName(path));
        resolver.AddSearchDirectory(Path.GetDirectoryName(typeof(object).Assembly.Location));
        using var module = ModuleDefinition.ReadModule(path, new ReaderParameters { ReadSymbols = true, InMemory = true, AssemblyResolver = resolver });
        var hit = module.ImportReference(typeof(BranchCounter).GetMethod(nameof(BranchCounter.Hit)));
        foreach (var type in module.GetTypes())
        {
            foreach (var method in type.Methods.Where(method => method.HasBody && !IsWrittenByCompiler(method)))
                Rewrite(method, hit);
        }

        using var rewritten = new MemoryStream();
        module.Write(rewritten);
        return rewritten.ToArray();
    }

    // Lambdas and local functions carry the attribute too, and names that start with <.
    private static bool IsWrittenByCompiler(MethodDefinition method) =>
        !method.Name.StartsWith('<') && method.CustomAttributes.Any(attribute => attribute.AttributeType.Name == nameof(CompilerGeneratedAttribute));

    private void Rewrite(MethodDefinition method, MethodReference hit)
    {
        var body = method.Body;
        var jumps = body.Instructions.Where(instruction => instruction.OpCode.FlowControl == FlowControl.Cond_Branch).ToList();
        if (jumps.Count == 0)
            return;
        body.SimplifyMacros();
        foreach (var jump in jumps)
            Rewrite(method, jump, hit);
        body.OptimizeMacros();
    }

    // jump A        becomes   jump 1;  hit; br next;  1: hit; br A;  next:
    private void Rewrite(MethodDefinition method, Instruction jump, MethodReference hit)
    {
        var instructions = method.Body.Instructions;
        var place = PlaceOf(method, jump);
        var next = jump.Next;
        var at = instructions.IndexOf(next);

        Instruction Trampoline(Instruction target)
        {
            var start = Instruction.Create(OpCodes.Ldc_I4, Number(method, place));
            instructions.Insert(at++, start);
            instructions.Insert(at++, Instruction.Create(OpCodes.Call, hit));
            instructions.Insert(at++, Instruction.Create(OpCodes.Br, target));
            return start;
        }

        Trampoline(next);
        jump.Operand = jump.Operand is Instruction[] targets ? targets.Select(Trampoline).ToArray() : Trampoline((Instruction)jump.Operand);
    }

    private int Number(MethodDefinition method, string place)
    {
        var type = method.DeclaringType;
        while (type.DeclaringType is { } outer)
            type = outer;
        _types.Add(type.FullName);
        _places.Add(place);
        return _types.Count <= BranchCounter.MaxBranches
            ? _types.Count - 1
            : throw new InvalidOperationException($"There are more than {BranchCounter.MaxBranches} branches; raise {nameof(BranchCounter.MaxBranches)}.");
    }

    private static string PlaceOf(MethodDefinition method, Instruction jump)
    {
        var point = method.DebugInformation.SequencePoints.LastOrDefault(p => p.Offset <= jump.Offset && !p.IsHidden);
        var line = point is null ? "" : string.Create(CultureInfo.InvariantCulture, $"{Path.GetFileName(point.Document.Url)}:{point.StartLine} ");
        return $"{line}{method.DeclaringType.Name}.{method.Name}";
    }
}
