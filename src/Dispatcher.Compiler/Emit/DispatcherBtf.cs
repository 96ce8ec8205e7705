using System.Collections.Immutable;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Metadata;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Compiler.Emit;

/// <summary>The BTF of a dispatcher, in the shapes that clang gives the C twin. Only kinds that kernel 5.10 knows.</summary>
/// <remarks>
/// One prototype serves all functions, where clang writes one for each. Section sizes and offsets are final, as the
/// kernel wants them; libbpf checks them against the ELF sections.
/// </remarks>
internal sealed class DispatcherBtf
{
    private const int PointerSize = 8;

    private readonly BtfBuilder _builder = new();
    private readonly Dictionary<string, BtfTypeId> _functions = [];
    private readonly BtfTypeId _u32;
    private readonly BtfTypeId _int;
    private readonly BtfTypeId _arrayIndex;

    /// <summary>Adds everything but the texts of the line info.</summary>
    /// <param name="spec">Version and flavour decide the shapes.</param>
    /// <param name="functions">Names of all functions, in order.</param>
    public DispatcherBtf(DispatcherSpec spec, IEnumerable<string> functions)
    {
        _u32 = AddNamed("__u32", BtfInt.Of("unsigned int", 4));
        _int = _builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed));
        AddFunctions(functions);
        _arrayIndex = _builder.Add(BtfInt.Of("__ARRAY_SIZE_TYPE__", 4));
        AddConfig(spec.Version);
        AddLicense();
        AddMarker(spec.Version);
    }

    /// <summary>The type of a function.</summary>
    public BtfTypeId Function(string name) => _functions[name];

    /// <summary>Puts a text into the string section.</summary>
    public BtfStringOffset Text(string text) => _builder.AddString(text);

    /// <summary>The finished BTF.</summary>
    public BtfData Build() => _builder.Build();

    private BtfTypeId AddNamed(string name, BtfInt type) => _builder.Add(new BtfTypedef(name, _builder.Add(type)));

    private void AddFunctions(IEnumerable<string> names)
    {
        ReadOnlySpan<string> fields = ["data", "data_end", "data_meta", "ingress_ifindex", "rx_queue_index", "egress_ifindex"];
        var members = ImmutableArray.CreateBuilder<BtfMember>(fields.Length);
        for (var i = 0; i < fields.Length; i++)
            members.Add(new BtfMember(fields[i], _u32, (uint)(32 * i)));
        var context = _builder.Add(new BtfStruct("xdp_md", (uint)(4 * fields.Length), new(members.MoveToImmutable())));
        var prototype = _builder.Add(new BtfFuncProto(_int, [new BtfParameter("ctx", _builder.Add(new BtfPtr(context)))]));
        foreach (var name in names)
            _functions.Add(name, _builder.Add(new BtfFunc(name, prototype, BtfLinkage.Global)));
    }

    private void AddConfig(DispatcherVersion version)
    {
        var u8 = AddNamed("__u8", BtfInt.Of("unsigned char", 1));
        var perSlot = _builder.Add(new BtfArray(_u32, _arrayIndex, DispatcherLimits.MaxSlots));
        ImmutableArray<BtfMember> members =
        [
            .. version == DispatcherVersion.V1
                ? (ReadOnlySpan<BtfMember>)[new("num_progs_enabled", u8, 0)]
                : [new("magic", u8, 0), new("dispatcher_version", u8, 8), new("num_progs_enabled", u8, 16), new("is_xdp_frags", u8, 24)],
            new("chain_call_actions", perSlot, 32),
            new("run_prios", perSlot, 32 + 32 * DispatcherLimits.MaxSlots),
        ];
        if (version >= DispatcherVersion.V2)
            members = members.Add(new("program_flags", perSlot, 32 + 64 * DispatcherLimits.MaxSlots));
        if (version >= DispatcherVersion.V3)
            members = members.Add(new("is_xdp_devbound", u8, 32 + 96 * DispatcherLimits.MaxSlots));
        var size = (uint)DispatcherConfig.SizeOf(version);
        var config = _builder.Add(new BtfStruct("xdp_dispatcher_config", size, new(members)));
        AddVariable(
            DispatcherNames.ConfigSection,
            size,
            new BtfVar(DispatcherNames.Config, _builder.Add(new BtfConst(_builder.Add(new BtfVolatile(config)))), BtfLinkage.Static));
    }

    private void AddLicense()
    {
        var size = (uint)DispatcherNames.License.Length + 1;
        var text = _builder.Add(new BtfArray(_builder.Add(BtfInt.Of("char", 1, BtfIntEncoding.Signed)), _arrayIndex, size));
        AddVariable("license", size, new BtfVar("_license", text, BtfLinkage.Global));
    }

    private void AddMarker(DispatcherVersion version)
    {
        var elements = _builder.Add(new BtfArray(_int, _arrayIndex, (uint)version));
        AddVariable(
            DispatcherMarker.Section,
            PointerSize,
            new BtfVar(DispatcherMarker.Variable, _builder.Add(new BtfPtr(elements)), BtfLinkage.Global));
    }

    private void AddVariable(string section, uint size, BtfVar variable) =>
        _builder.Add(new BtfDataSec(section, size, [new BtfSectionVariable(_builder.Add(variable), 0, size)]));
}
