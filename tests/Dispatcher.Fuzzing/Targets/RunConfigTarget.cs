using Dispatcher.Compiler;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>What BTF says of a component or a dispatcher: <c>.xdp_run_config</c>, the marker, full names.</summary>
internal sealed class RunConfigTarget : IFuzzTarget
{
    private static readonly string[] Functions = ["print", "firewall", "ids", "counter"];

    public string Name => "run-config";

    public string Suite => "compiler";

    public IReadOnlyList<Type> Covers => [typeof(RunConfigReader), typeof(DispatcherMarker), typeof(MetadataVariable), typeof(FunctionNames)];

    public IReadOnlyList<string> Words => ["priority", "XDP_PASS", "_print"];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Btfs.Where(bytes => bytes.Length < 8192);

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => BtfParts.Describe(input, 0, layout);

    public void Repair(Span<byte> input, FuzzRandom random) => BtfParts.Repair(input, random);

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        var btf = BtfData.Read(input);
        BrokenPromiseException.ThrowUnless(FunctionNames.Expand("a_name_that_the", btf).StartsWith("a_name_that_the", StringComparison.Ordinal), "a full name starts with the cut one");
        foreach (var function in Functions)
            RunConfigReader.Read(btf, function);
        BrokenPromiseException.ThrowUnless(DispatcherMarker.ReadVersion(btf) is null or >= 0, "a version is not negative");
    }
}
