using Dispatcher.Compiler;
using Dispatcher.Compiler.Model;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>The config map of a dispatcher: a byte that picks version and byte order, then the map value.</summary>
internal sealed class ConfigTarget : IFuzzTarget
{
    private const byte BigEndian = 0x80;

    public string Name => "config-map";

    public string Suite => "compiler";

    public IReadOnlyList<Type> Covers => [typeof(DispatcherConfig)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => SampleSpecs.All().SelectMany(spec => new byte[][]
    {
        [(byte)spec.Version, .. spec.ToConfig().Encode()],
        [(byte)((byte)spec.Version | BigEndian), .. spec.ToConfig().Encode(bigEndian: true)],
    });

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        layout.AddFields(0, 1, 1, 1, 1, 1);
        for (var at = 5; at + 4 <= input.Length; at += 4)
            layout.AddFields(at, 4);
        layout.AddFields(125, 1);
    }

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        if (input.IsEmpty)
            return;
        var version = (DispatcherVersion)(1 + (input[0] & ~BigEndian) % 3);
        var bigEndian = (input[0] & BigEndian) != 0;
        var config = DispatcherConfig.Decode(input[1..], version, bigEndian);
        BrokenPromiseException.ThrowUnless(config.Slots.Length <= DispatcherLimits.MaxSlots, "there are at most ten slots");
        var again = DispatcherConfig.Decode(config.Encode(bigEndian), version, bigEndian);
        BrokenPromiseException.ThrowUnless(config.Equals(again) && config.GetHashCode() == again.GetHashCode(), "what was read means the same when it is written again");
        foreach (var slot in config.Slots)
            BrokenPromiseException.ThrowUnless(ChainCallActions.TryParse(slot.Actions.ToString(), out _), "the text of actions can be read");
    }
}
