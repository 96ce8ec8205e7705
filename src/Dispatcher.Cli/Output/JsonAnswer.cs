using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Dispatcher.Cli.Output;

/// <summary>Writes the one JSON document of a run, or those of a run that goes on.</summary>
internal static class JsonAnswer
{
    private static readonly JsonWriterOptions Format = new()
    {
        Indented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A value in JSON, such as <c>nothing-to-do</c>: the name in the API, which is as stable.</summary>
    public static string NameOf(Enum value) => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());

    /// <summary>Writes a document and a final newline to standard output.</summary>
    public static void Write(CliConsole console, Action<Utf8JsonWriter> write) => Write(console, Format, write);

    /// <summary>Writes one of several documents to standard output, as a line.</summary>
    public static void WriteLine(CliConsole console, Action<Utf8JsonWriter> write) => Write(console, Format with { Indented = false }, write);

    private static void Write(CliConsole console, JsonWriterOptions format, Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using (var writer = new Utf8JsonWriter(buffer, format))
            write(writer);
        console.Out.Write(Encoding.UTF8.GetString(buffer.WrittenSpan));
        console.Out.Write('\n');
    }
}
