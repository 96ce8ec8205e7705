using System.Text;

namespace Dispatcher.Cli.Help;

/// <summary>Completion for fish.</summary>
internal static class FishCompletion
{
    /// <summary>The script.</summary>
    public static string Render(CompletionModel model)
    {
        var script = new StringBuilder();
        script.Append("# fish completion for xdp-dispatch, made by 'xdp-dispatch completion fish'\n");
        script.Append("function __xdp_dispatch_interfaces\n    for path in /sys/class/net/*\n        string replace -r '.*/' '' -- $path\n    end\nend\n\n");
        script.Append("complete -c xdp-dispatch -f\n");
        foreach (var option in model.Options)
            AppendOption(script, option, "__fish_use_subcommand");
        foreach (var verb in model.Verbs)
        {
            script.Append($"complete -c xdp-dispatch -n __fish_use_subcommand -a {verb.Name} -d {Quote(verb.Description)}\n");
            var condition = $"__fish_seen_subcommand_from {verb.Name}";
            foreach (var option in verb.Options)
                AppendOption(script, option, condition);
            foreach (var offer in verb.Arguments.Select(a => a.Value).Where(v => v.Offer != Offer.Nothing))
                script.Append($"complete -c xdp-dispatch -n '{condition}' {Action(offer)}\n");
        }

        return script.ToString();
    }

    private static void AppendOption(StringBuilder script, CompletedOption option, string condition)
    {
        script.Append($"complete -c xdp-dispatch -n '{condition}'");
        foreach (var name in option.Names)
            script.Append(name.StartsWith("--", StringComparison.Ordinal) ? $" -l {name[2..]}" : $" -s {name[1..]}");
        script.Append($" -d {Quote(option.Description)}");
        if (option.Value is { } value)
            script.Append($" {(option.IsValueOptional ? "-f" : value.Offer == Offer.Files ? "-r" : "-x")} {Action(value)}".TrimEnd());
        script.Append('\n');
    }

    private static string Action(CompletedValue value) => value.Offer switch
    {
        Offer.Words when value.IsList => $"-a '(__fish_complete_list , \"string split -- \\\" \\\" \\\"{string.Join(' ', value.Words)}\\\"\")'",
        Offer.Interfaces when value.IsList => "-a '(__fish_complete_list , __xdp_dispatch_interfaces)'",
        Offer.Words => $"-a '{string.Join(' ', value.Words)}'",
        Offer.Interfaces => "-a '(__xdp_dispatch_interfaces)'",
        Offer.Files => "-F",
        Offer.Folders => "-a '(__fish_complete_directories)'",
        _ => "",
    };

    private static string Quote(string text) =>
        $"'{text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("'", "\\'", StringComparison.Ordinal)}'";
}
