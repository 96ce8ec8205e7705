using Dispatcher.Runtime;

namespace Dispatcher.Cli.Output;

/// <summary>Attach modes as they are typed and printed.</summary>
internal static class ModeNames
{
    /// <summary>For example <c>native</c>.</summary>
    public static string Of(AttachMode? mode) => mode switch
    {
        AttachMode.Native => "native",
        AttachMode.Skb => "skb",
        AttachMode.Hw => "hw",
        AttachMode.Unspecified => "unspecified",
        _ => "none",
    };
}
