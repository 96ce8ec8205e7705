using Dispatcher.Compiler.Btf;

namespace Dispatcher.Compiler.Tests.Btf;

/// <summary>Makes well-formed BTF of every kind; the same seed makes the same.</summary>
internal sealed class RandomBtf(int seed)
{
    private readonly Random _random = new(seed);
    private readonly BtfBuilder _builder = new();
    private readonly List<BtfTypeId> _ids = [];
    private readonly List<BtfTypeId> _prototypes = [];
    private readonly List<BtfTypeId> _variables = [];
    private readonly List<BtfTypeId> _composites = [];

    public BtfData Make()
    {
        _ids.Add(_builder.Add(BtfInt.Of("int", 4, BtfIntEncoding.Signed)));
        _prototypes.Add(_builder.Add(new BtfFuncProto(_ids[0], [])));
        _variables.Add(_builder.Add(new BtfVar("v", _ids[0], BtfLinkage.Global)));
        _composites.Add(_builder.Add(new BtfStruct("s", 0, [])));
        for (var count = _random.Next(60); count > 0; count--)
            AddType();
        return _builder.Build();
    }

    private void AddType()
    {
        switch (_random.Next(1, 20))
        {
            case 1: Add(new BtfInt(Name(), 16, (BtfIntEncoding)_random.Next(8), (byte)_random.Next(65), (byte)_random.Next(64))); break;
            case 2: Add(new BtfPtr(AnyOrVoid())); break;
            case 3: Add(new BtfArray(Any(), Any(), (uint)_random.NextInt64(1L << 32))); break;
            case 4: AddComposite(new BtfStruct(Name(), 1 << 20, Members(false)), new BtfStruct(Name(), 1 << 20, Members(true), true)); break;
            case 5: AddComposite(new BtfUnion(Name(), 64, UnionMembers(false)), new BtfUnion(Name(), 64, UnionMembers(true), true)); break;
            case 6: AddEnum(); break;
            case 7: Add(new BtfForward("f" + Name(), Coin())); break;
            case 8: Add(new BtfTypedef("t" + Name(), AnyOrVoid())); break;
            case 9: Add(new BtfVolatile(AnyOrVoid())); break;
            case 10: Add(new BtfConst(AnyOrVoid())); break;
            case 11: Add(new BtfRestrict(AnyOrVoid())); break;
            case 12: _builder.Add(new BtfFunc("f" + Name(), Pick(_prototypes), Linkage())); break;
            case 13: _prototypes.Add(_builder.Add(new BtfFuncProto(AnyOrVoid(), List(() => new BtfParameter(Name(), Any()))))); break;
            case 14: _variables.Add(_builder.Add(new BtfVar("v" + Name(), Any(), Linkage()))); break;
            case 15: _builder.Add(new BtfDataSec("." + Name(), 1000, List(() => new BtfSectionVariable(Pick(_variables), (uint)_random.Next(500), (uint)_random.Next(500))))); break;
            case 16: Add(new BtfFloat(Name(), (uint)(2 << _random.Next(4)))); break;
            case 17: _builder.Add(new BtfDeclTag("d" + Name(), Pick(_composites), -1, Coin())); break;
            case 18: Add(new BtfTypeTag("y" + Name(), AnyOrVoid(), Coin())); break;
            case 19: Add(new BtfEnum64(Name(), 8, List(() => new BtfEnumerator("e" + Name(), _random.NextInt64(long.MinValue, long.MaxValue))), Coin())); break;
        }
    }

    private void Add(BtfType type) => _ids.Add(Coin() ? _builder.Add(type) : _builder.Intern(type));

    private void AddComposite(BtfComposite plain, BtfComposite flagged)
    {
        _composites.Add(_builder.Add(Coin() ? plain : flagged));
        _ids.Add(_composites[^1]);
    }

    private void AddEnum()
    {
        var isSigned = Coin();
        Add(new BtfEnum(Name(), (uint)(1 << _random.Next(4)), List(() => new BtfEnumerator("e" + Name(), isSigned ? _random.Next(int.MinValue, int.MaxValue) : _random.NextInt64(1L << 32))), isSigned));
    }

    private ValueArray<BtfMember> Members(bool flagged) =>
        List(() => new BtfMember(Name(), Any(), (uint)_random.Next(flagged ? 1 << 22 : 1 << 23), (byte)(flagged ? _random.Next(256) : 0)));

    private ValueArray<BtfMember> UnionMembers(bool flagged) => List(() => new BtfMember(Name(), Any(), 0, (byte)(flagged ? _random.Next(256) : 0)));

    private ValueArray<T> List<T>(Func<T> make)
        where T : IEquatable<T> => [.. Enumerable.Range(0, _random.Next(6)).Select(_ => make())];

    private string Name() => _random.Next(4) switch
    {
        0 => "",
        1 => "é" + _random.Next(9),
        _ => "n" + _random.Next(40),
    };

    private BtfLinkage Linkage() => (BtfLinkage)_random.Next(3);

    private BtfTypeId AnyOrVoid() => _random.Next(6) == 0 ? BtfTypeId.Void : Any();

    // The first types only: a chain of modifiers over all of them could get longer than the format allows.
    private BtfTypeId Any() => _ids[_random.Next(Math.Min(_ids.Count, 20))];

    private T Pick<T>(List<T> list) => list[_random.Next(list.Count)];

    private bool Coin() => _random.Next(2) == 0;
}
