using System.Reflection;
using System.Text.Json;

namespace Dispatcher.Cli;

/// <summary>The tool's own version.</summary>
internal static class ToolVersion
{
    /// <summary>For example <c>xdp-dispatch 0.1.0</c>.</summary>
    public static string Text => $"{CliDefinition.ToolName} {Number}";

    private static string Number =>
        typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion.Split('+')[0];

    /// <summary>The same as an object.</summary>
    public static void WriteJson(Utf8JsonWriter writer)
    {
        writer.WriteStartObject();
        writer.WriteString("version", Number);
        writer.WriteEndObject();
    }
}
