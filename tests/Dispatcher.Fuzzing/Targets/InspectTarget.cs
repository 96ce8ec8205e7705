using System.Text.Json;
using Dispatcher.Cli.Output;
using Dispatcher.Compiler;
using Dispatcher.Compiler.Bpf;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime;

namespace Dispatcher.Fuzzing.Targets;

/// <summary><c>inspect FILE --json</c>: everything that is shown of an object, as text and as JSON that can be read again.</summary>
internal sealed class InspectTarget : IFuzzTarget
{
    public string Name => "inspect";

    public string Suite => "cli";

    public IReadOnlyList<Type> Covers => [typeof(ObjectInspection), typeof(InspectedProgram), typeof(ObjectCode), typeof(InspectText), typeof(BpfListing)];

    // The answer names the section of each program in full, in text, in JSON and in what is read of it again.
    public long AllocationPerByte => 8192;

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Objects;

    public IEnumerable<byte[]> LargeInputs() => [LargeObjects.ManyFunctions(), LargeObjects.LongSectionName(), LargeObjects.CutName()];

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => ElfParts.Describe(input, layout);

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException or ComponentException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var inspection = ObjectInspection.Read(input.ToArray(), "fuzz.o");
        var text = InspectText.Render(inspection, withContents: false);
        using var output = new StringWriter();
        JsonAnswer.Write(new CliConsole { Out = output, Error = TextWriter.Null }, writer => InspectJson.Write(writer, inspection, text));
        try
        {
            using var json = JsonDocument.Parse(output.ToString());
            BrokenPromiseException.ThrowUnless(json.RootElement.GetProperty("subject").GetString() == "object", "the answer says what it is about");
        }
        catch (JsonException e)
        {
            throw new BrokenPromiseException($"the answer is JSON ({e.Message})");
        }
    }
}
