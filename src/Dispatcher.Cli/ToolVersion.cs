using System.Reflection;

namespace Dispatcher.Cli;

/// <summary>The tool's own version.</summary>
internal static class ToolVersion
{
    /// <summary>For example <c>xdp-dispatch 0.1.0</c>.</summary>
    public static string Text
    {
        get
        {
            var version = typeof(ToolVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;
            return $"{CliDefinition.ToolName} {version.Split('+')[0]}";
        }
    }
}
