using System.Runtime.InteropServices;

namespace Dispatcher.Fuzzing.Mutation;

/// <summary>Fields and records of netlink datagrams, found without the reader that is tested.</summary>
internal static class NetlinkParts
{
    private const int HeaderSize = 16;
    private const int LinkHeaderSize = 16;
    private const int AttributeHeaderSize = 4;
    private const ushort NewLink = 16;
    private const ushort GoneLink = 17;
    private static readonly ulong[] MessageTypes = [1, 2, 3, 16, 17];
    private static readonly ulong[] MessageFlags = [0, 2, 0x10, 0x100, 0x200, 0x300];
    private static readonly ulong[] AttributeTypes = [1, 2, 3, 4, 5, 6, 7, 18, 37, 43, 43 | 0x8000, 45, 49];
    private const int LinkInfo = 18;
    private const int Xdp = 43;

    /// <summary>Notes every message, and every attribute of links.</summary>
    public static void Describe(ReadOnlySpan<byte> input, InputLayout layout)
    {
        var offset = 0;
        while (offset + HeaderSize <= input.Length)
        {
            var size = MemoryMarshal.Read<int>(input[offset..]);
            if (size < HeaderSize || size > input.Length - offset)
                return;
            layout.AddFields(offset, 4);
            layout.AddField(offset + 4, 2, MessageTypes);
            layout.AddField(offset + 6, 2, MessageFlags);
            layout.AddFields(offset + 8, 4, 4);
            layout.AddRecord(offset, size);
            var isLink = MemoryMarshal.Read<ushort>(input[(offset + 4)..]) is NewLink or GoneLink;
            if (isLink)
            {
                layout.AddFields(offset + HeaderSize, 1, 1, 2, 4, 4, 4);
                DescribeAttributes(input, offset + HeaderSize + LinkHeaderSize, offset + size, layout);
            }
            else
            {
                layout.AddFields(offset + HeaderSize, 4, 4, 2, 2, 4, 4, 2, 2, 4);
            }

            offset += (size + 3) & ~3;
        }
    }

    /// <summary>Makes the length of the first message fit a datagram of one message.</summary>
    public static void Repair(Span<byte> input, FuzzRandom random)
    {
        if (input.Length >= HeaderSize && random.OneIn(2))
            MemoryMarshal.Write(input, input.Length);
    }

    private static void DescribeAttributes(ReadOnlySpan<byte> input, int offset, int end, InputLayout layout)
    {
        while (offset + AttributeHeaderSize <= end)
        {
            int size = MemoryMarshal.Read<ushort>(input[offset..]);
            var type = MemoryMarshal.Read<ushort>(input[(offset + 2)..]) & 0x3fff;
            if (size < AttributeHeaderSize || size > end - offset)
                return;
            layout.AddFields(offset, 2);
            layout.AddField(offset + 2, 2, AttributeTypes);
            layout.AddRecord(offset, Math.Min((size + 3) & ~3, end - offset));
            if (type is LinkInfo or Xdp)
                DescribeAttributes(input, offset + AttributeHeaderSize, offset + size, layout);
            else if (size == AttributeHeaderSize + sizeof(uint))
                layout.AddFields(offset + AttributeHeaderSize, 4);
            offset += (size + 3) & ~3;
        }
    }
}
