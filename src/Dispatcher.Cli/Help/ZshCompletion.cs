using System.Text;

namespace Dispatcher.Cli.Help;

/// <summary>Completion for zsh.</summary>
internal static class ZshCompletion
{
    /// <summary>The script.</summary>
    public static string Render(CompletionModel model)
    {
        var script = new StringBuilder();
        script.Append("#compdef xdp-dispatch\n# made by 'xdp-dispatch completion zsh'\n\n");
        script.Append("_xdp_dispatch_interfaces() {\n    local -a names\n    names=(/sys/class/net/*(N:t))\n    compadd \"$@\" -a names\n}\n\n");
        script.Append("_xdp_dispatch() {\n    local context state state_descr line\n    typeset -A opt_args\n");
        script.Append("    _arguments -C \\\n");
        foreach (var option in model.Options)
            AppendOption(script, option, "        ");
        script.Append("        '1:verb:->verb' \\\n        '*::argument:->argument' && return 0\n    case $state in\n    verb)\n");
        script.Append("        local -a verbs\n        verbs=(\n");
        foreach (var verb in model.Verbs)
            script.Append($"            '{verb.Name}:{Quote(verb.Description)}'\n");
        script.Append("        )\n        _describe verb verbs\n        ;;\n    argument)\n        case $line[1] in\n");
        foreach (var verb in model.Verbs)
            AppendVerb(script, verb);
        script.Append("        esac\n        ;;\n    esac\n}\n\n");
        script.Append("if [[ $funcstack[1] == _xdp-dispatch ]]; then\n    _xdp_dispatch \"$@\"\nelse\n    compdef _xdp_dispatch xdp-dispatch\nfi\n");
        return script.ToString();
    }

    private static void AppendVerb(StringBuilder script, CompletedVerb verb)
    {
        script.Append($"        {verb.Name})\n            _arguments \\\n");
        foreach (var option in verb.Options)
            AppendOption(script, option, "                ");
        for (var i = 0; i < verb.Arguments.Count; i++)
        {
            var argument = verb.Arguments[i];
            var place = argument.IsRepeatable ? "*" : $"{i + 1}";
            script.Append($"                '{place}:{Quote(argument.Name)}:{Action(argument.Value)}' \\\n");
        }

        script.Append("                && return 0\n            ;;\n");
    }

    private static void AppendOption(StringBuilder script, CompletedOption option, string indent)
    {
        foreach (var typed in option.Names)
        {
            var others = option.IsRepeatable ? "*" : option.Names.Count > 1 ? $"({string.Join(' ', option.Names)})" : "";
            var (name, value) = option switch
            {
                { Value: null } => (typed, ""),
                // Only behind an equals sign, and not needed.
                { IsValueOptional: true } => (typed + "=-", $"::value:{Action(option.Value)}"),
                _ => (typed, $":value:{Action(option.Value)}"),
            };
            script.Append($"{indent}'{others}{name}[{Quote(option.Description).Replace("[", "\\[", StringComparison.Ordinal).Replace("]", "\\]", StringComparison.Ordinal)}]{value}' \\\n");
        }
    }

    private static string Action(CompletedValue value) => value.Offer switch
    {
        Offer.Words when value.IsList => $"_sequence compadd - {string.Join(' ', value.Words)}",
        Offer.Interfaces when value.IsList => "_sequence _xdp_dispatch_interfaces",
        Offer.Words => $"({string.Join(' ', value.Words)})",
        Offer.Interfaces => "_xdp_dispatch_interfaces",
        Offer.Files => "_files",
        Offer.Folders => "_files -/",
        _ => " ",
    };

    private static string Quote(string text) =>
        text.Replace("'", "'\\''", StringComparison.Ordinal).Replace(":", "\\:", StringComparison.Ordinal);
}
