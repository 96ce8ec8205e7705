using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dispatcher.Compiler.Btf;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;

namespace Dispatcher.Cli.Output;

/// <summary>How a dispatcher is written.</summary>
internal enum EmitFormat
{
    /// <summary>ELF64 relocatable object.</summary>
    Elf,

    /// <summary>Its types, as text.</summary>
    Btf,

    /// <summary>Its instructions, as text.</summary>
    Asm,

    /// <summary>Its C twin.</summary>
    C,
}

/// <summary>Byte order of the machine that is to load an object.</summary>
internal enum ByteOrder
{
    /// <summary>Little endian.</summary>
    Little,

    /// <summary>Big endian.</summary>
    Big,
}

/// <summary>A dispatcher as it was asked for.</summary>
/// <param name="Spec">What was asked for.</param>
/// <param name="Format">In which form.</param>
/// <param name="ByteOrder">For which byte order.</param>
/// <param name="Bytes">What is written.</param>
/// <param name="Text">The same as text; null for an object.</param>
internal sealed record Emission(DispatcherSpec Spec, EmitFormat Format, ByteOrder ByteOrder, byte[] Bytes, string? Text)
{
    /// <summary>Makes it.</summary>
    public static Emission Of(DispatcherSpec spec, EmitFormat format, ByteOrder byteOrder)
    {
        var text = format switch
        {
            EmitFormat.Btf => BtfText.Render(DispatcherGenerator.Generate(spec).Btf),
            EmitFormat.Asm => DispatcherListing.Render(DispatcherGenerator.Generate(spec)),
            EmitFormat.C => DispatcherSource.Render(spec),
            _ => null,
        };
        var bytes = text is null ? DispatcherGenerator.Generate(spec).WriteElf(byteOrder == ByteOrder.Big) : Encoding.UTF8.GetBytes(text);
        return new Emission(spec, format, byteOrder, bytes, text);
    }

    /// <summary>The object of <c>emit --json</c>.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="path">The file written, or null when the content goes into the JSON.</param>
    public void WriteJson(Utf8JsonWriter writer, string? path)
    {
        writer.WriteStartObject();
        writer.WriteString("format", Format switch
        {
            EmitFormat.Elf => "elf",
            EmitFormat.Btf => "btf",
            EmitFormat.Asm => "asm",
            _ => "c",
        });
        writer.WriteNumber("version", (int)Spec.Version);
        writer.WriteString("flavour", Spec.Flavour == DispatcherFlavour.Generic ? "generic" : "specialised");
        writer.WriteString("endian", ByteOrder == ByteOrder.Big ? "big" : "little");
        writer.WriteBoolean("frags", Spec.HasFrags);
        SlotJson.WriteAll(writer, "slots", Spec.Slots);
        writer.WriteNumber("bytes", Bytes.Length);
        writer.WriteString("sha256", Convert.ToHexStringLower(SHA256.HashData(Bytes)));
        if (path is not null)
            writer.WriteString("file", path);
        else if (Text is not null)
            writer.WriteString("text", Text);
        else
            writer.WriteBase64String("base64", Bytes);
        writer.WriteEndObject();
    }
}
