using System.Buffers.Binary;
using System.Globalization;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Chain;

/// <summary>Maps of components, read by bpftool.</summary>
internal static class ComponentMaps
{
    /// <summary>Packets that an entry of a map of <c>struct xdp_traffic</c> has counted.</summary>
    public static ulong Packets(string map, int entry = 0)
    {
        var output = Tool.Run("bpftool", "map", "dump", "id", map, "-j").OrFail().Output;
        using var json = System.Text.Json.JsonDocument.Parse(output);
        Span<byte> bytes = stackalloc byte[8];
        var value = json.RootElement[entry].GetProperty("value");
        for (var i = 0; i < bytes.Length; i++)
            bytes[i] = Convert.ToByte(value[i].GetString(), 16);
        return BinaryPrimitives.ReadUInt64LittleEndian(bytes);
    }

    /// <summary>Id of the map of that name that a program uses.</summary>
    public static string MapOf(uint program, string name)
    {
        using var json = System.Text.Json.JsonDocument.Parse(
            Tool.Run("bpftool", "-j", "prog", "show", "id", program.ToString(CultureInfo.InvariantCulture)).OrFail().Output);
        foreach (var map in json.RootElement.GetProperty("map_ids").EnumerateArray())
        {
            var id = map.GetUInt32().ToString(CultureInfo.InvariantCulture);
            if (Tool.Run("bpftool", "map", "show", "id", id).OrFail().Output.Contains($"name {name}", StringComparison.Ordinal))
                return id;
        }

        throw new Xunit.Sdk.XunitException($"program {program} has no map {name}");
    }
}
