using System.Collections.Immutable;
using Dispatcher.Compiler;
using Dispatcher.Fuzzing.Mutation;
using Dispatcher.Fuzzing.Seeds;
using Dispatcher.Runtime.Interop;
using Dispatcher.Runtime.Kernel;

namespace Dispatcher.Fuzzing.Targets;

/// <summary>A datagram of rtnetlink: links with their programs, acknowledgements, notifications.</summary>
internal sealed class NetlinkTarget : IFuzzTarget
{
    public string Name => "netlink";

    public string Suite => "runtime";

    public IReadOnlyList<Type> Covers => [typeof(NetlinkReader), typeof(NetlinkAttributeReader), typeof(NetlinkMessage), typeof(LinkReply), typeof(LinkNotice)];

    public IEnumerable<byte[]> Seeds(SeedShelf shelf) => shelf.Datagrams;

    public void Describe(ReadOnlySpan<byte> input, InputLayout layout) => NetlinkParts.Describe(input, layout);

    public void Repair(Span<byte> input, FuzzRandom random) => NetlinkParts.Repair(input, random);

    public bool IsRefusal(Exception exception) => exception is MalformedObjectException;

    public void Run(ReadOnlySpan<byte> input)
    {
        LinkNotice.ReadDatagram(input, new Queue<HookNotice>());
        var links = ImmutableArray.CreateBuilder<InterfaceReading>();
        var isInterrupted = false;
        var answer = NetlinkExchange.ReadDatagram(input, links, ref isInterrupted);
        BrokenPromiseException.ThrowUnless(answer is not { Ack.Errno: < 0 or > 4095 }, "an errno is 0 to 4095");
        foreach (var link in answer?.Links ?? links.ToImmutable())
            BrokenPromiseException.ThrowUnless(link.Mtu >= 0 && link.Peer is not { Index: < 1 }, "an MTU is not negative and a peer has an index");
    }
}
