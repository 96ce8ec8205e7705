using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;
using Dispatcher.Compiler.Btf;
using Dispatcher.Runtime.Interop;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Port;

/// <summary>Every offset of every struct that goes to bpf(2), beside the running kernel's own BTF.</summary>
public sealed class LayoutTests
{
    private static readonly Lazy<BtfData> Vmlinux = new(() => BtfData.Read(File.ReadAllBytes(Machine.VmlinuxPath)));

    public static TheoryData<string> Layouts() =>
        new(typeof(KernelLayoutAttribute).Assembly.GetTypes().Where(type => type.GetCustomAttribute<KernelLayoutAttribute>() is not null).Select(type => type.Name));

    [Theory]
    [MemberData(nameof(Layouts))]
    public void Every_field_is_where_the_kernel_has_it(string layout)
    {
        Need.Vmlinux();
        var type = typeof(KernelLayoutAttribute).Assembly.GetType($"{typeof(KernelLayoutAttribute).Namespace}.{layout}")!;
        var ours = FieldsOf(type);
        var candidates = Candidates(type.GetCustomAttribute<KernelLayoutAttribute>()!);
        var kernels = candidates.MaxBy(fields => ours.Count(field => fields.ContainsKey(field.Key)))!;
        foreach (var (name, place) in ours)
            Assert.Equal($"{name} {place}", kernels.TryGetValue(name, out var kernelPlace) ? $"{name} {kernelPlace}" : $"{name} missing");
    }

    [Fact]
    public void There_are_layouts_to_compare() => Assert.True(Layouts().Count >= 15);

    private static Dictionary<string, Place> FieldsOf(Type type)
    {
        var fields = new Dictionary<string, Place>();
        foreach (var field in type.GetFields(BindingFlags.Public | BindingFlags.Instance))
        {
            var renamed = field.GetCustomAttribute<KernelNameAttribute>();
            if (renamed is { Name: null })
                continue;
            var fixedBuffer = field.GetCustomAttribute<System.Runtime.CompilerServices.FixedBufferAttribute>();
            var size = fixedBuffer is null ? Marshal.SizeOf(field.FieldType) : fixedBuffer.Length * Marshal.SizeOf(fixedBuffer.ElementType);
            fields.Add(renamed?.Name ?? SnakeCase(field.Name), new Place((int)Marshal.OffsetOf(type, field.Name), size));
        }

        return fields;
    }

    /// <summary>The struct itself with its anonymous parts; of a union of anonymous structs, each of them is one candidate.</summary>
    private static List<Dictionary<string, Place>> Candidates(KernelLayoutAttribute layout)
    {
        var btf = Vmlinux.Value;
        var id = btf.Find(BtfKind.Struct, layout.Type) ?? btf.Find(BtfKind.Union, layout.Type) ?? throw new InvalidOperationException(layout.Type);
        var composite = btf.Get<BtfComposite>(id)!;
        if (composite is BtfStruct)
            return [layout.Member is null ? Flatten(composite, 0) : Merge(Flatten(composite, 0), FindMember(composite, 0, layout.Member)!)];
        var candidates = new List<Dictionary<string, Place>>();
        foreach (var member in composite.Members)
        {
            if (member.Name == (layout.Member ?? string.Empty))
                candidates.Add(Flatten(btf.Get<BtfComposite>(btf.Resolve(member.Type))!, 0));
        }

        return candidates;
    }

    private static Dictionary<string, Place> Merge(Dictionary<string, Place> outer, Dictionary<string, Place> inner)
    {
        foreach (var (name, place) in inner)
            outer[name] = place;
        return outer;
    }

    private static Dictionary<string, Place>? FindMember(BtfComposite composite, int start, string name)
    {
        foreach (var member in composite.Members)
        {
            if (Vmlinux.Value.Get<BtfComposite>(Vmlinux.Value.Resolve(member.Type)) is not { } nested)
                continue;
            var offset = start + ((int)member.BitOffset / 8);
            if (member.Name == name)
                return Flatten(nested, offset);
            if (member.Name.Length == 0 && FindMember(nested, offset, name) is { } found)
                return found;
        }

        return null;
    }

    private static Dictionary<string, Place> Flatten(BtfComposite composite, int start)
    {
        var fields = new Dictionary<string, Place>();
        foreach (var member in composite.Members)
        {
            var offset = start + ((int)member.BitOffset / 8);
            if (member.Name.Length > 0)
                fields[member.Name] = new Place(offset, member.BitfieldSize > 0 ? sizeof(uint) : SizeOf(member.Type));
            else if (Vmlinux.Value.Get<BtfComposite>(Vmlinux.Value.Resolve(member.Type)) is { } anonymous)
                Merge(fields, Flatten(anonymous, offset));
        }

        return fields;
    }

    private static int SizeOf(BtfTypeId id) => Vmlinux.Value[Vmlinux.Value.Resolve(id)] switch
    {
        BtfInt number => (int)number.Size,
        BtfArray array => (int)array.Count * SizeOf(array.Element),
        BtfComposite composite => (int)composite.Size,
        BtfEnumeration enumeration => (int)enumeration.Size,
        BtfPtr => sizeof(ulong),
        var other => throw new InvalidOperationException(other.ToString()),
    };

    private static string SnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (var c in name)
            text.Append(char.IsUpper(c) && text.Length > 0 ? "_" : string.Empty).Append(char.ToLowerInvariant(c));
        return text.ToString();
    }

    private readonly record struct Place(int Offset, int Size)
    {
        public override string ToString() => $"at {Offset}, {Size} bytes";
    }
}
