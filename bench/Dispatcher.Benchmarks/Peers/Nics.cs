using System.Globalization;
using System.Text;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Peers;

/// <summary>Pairs of veth, up, made and deleted in one go. Needs root.</summary>
internal sealed class Nics : IDisposable
{
    private static int _count;
    private static int _group;

    private readonly int _ownGroup = ++_group;

    /// <summary>Makes them.</summary>
    public Nics(int pairs)
    {
        Names = [.. Enumerable.Range(0, pairs).Select(_ => string.Create(CultureInfo.InvariantCulture, $"bench{++_count}"))];
        FarNames = [.. Names.Select(name => name + "p")];
        Ip([
            .. Names.Zip(FarNames, (near, far) => $"link add {near} type veth peer name {far}"),
            .. Names.Concat(FarNames).Select(name => $"link set dev {name} addrgenmode none up"),
            .. Names.Select(name => $"link set dev {name} group {_ownGroup}"),
        ]);
    }

    /// <summary>One end of each pair.</summary>
    public IReadOnlyList<string> Names { get; }

    /// <summary>The other ends.</summary>
    public IReadOnlyList<string> FarNames { get; }

    /// <inheritdoc/>
    public void Dispose() => Ip([$"link del group {_ownGroup}"]);

    private static void Ip(IEnumerable<string> lines) => new ToolRequest("ip", "-batch", "-") { Input = Encoding.ASCII.GetBytes(string.Join('\n', lines) + "\n") }.Run();
}
