using System.Text;

namespace Dispatcher.Cli.Help;

/// <summary>Completion for bash; needs no bash-completion package.</summary>
internal static class BashCompletion
{
    /// <summary>The script.</summary>
    public static string Render(CompletionModel model)
    {
        var script = new StringBuilder();
        script.Append("# bash completion for xdp-dispatch, made by 'xdp-dispatch completion bash'\n");
        script.Append("_xdp_dispatch_interfaces() { local p; for p in /sys/class/net/*; do printf '%s\\n' \"${p##*/}\"; done; }\n\n");
        script.Append(List);
        script.Append("_xdp_dispatch_value() {\n    case $1 in\n");
        foreach (var verb in model.Verbs)
        {
            foreach (var option in verb.Options.Where(o => o.Value is not null))
                script.Append($"        {string.Join('|', option.Names.Select(n => $"{verb.Name}:{n}{(option.IsValueOptional ? "=" : "")}"))}) {Offer(option.Value!)} ;;\n");
        }

        script.Append("        *) return 1 ;;\n    esac\n    return 0\n}\n\n");
        script.Append("_xdp_dispatch_argument() {\n    case $1 in\n");
        foreach (var verb in model.Verbs)
        {
            for (var i = 0; i < verb.Arguments.Count; i++)
            {
                var last = verb.Arguments[i].IsRepeatable ? "*" : $"{i}";
                script.Append($"        {verb.Name}:{last}) {Offer(verb.Arguments[i].Value)} ;;\n");
            }
        }

        script.Append("    esac\n}\n\n");
        script.Append("_xdp_dispatch_options() {\n    case $1 in\n");
        foreach (var verb in model.Verbs)
            script.Append($"        {verb.Name}) printf '%s' '{string.Join(' ', verb.Options.SelectMany(o => o.Names))}' ;;\n");
        script.Append($"        *) printf '%s' '{string.Join(' ', model.Options.SelectMany(o => o.Names))}' ;;\n    esac\n}}\n\n");
        script.Append(Engine.Replace("@VERBS@", string.Join(' ', model.Verbs.Select(v => v.Name)), StringComparison.Ordinal));
        return script.ToString();
    }

    private static string Offer(CompletedValue value) => value.Offer switch
    {
        Help.Offer.Words when value.IsList => $"_xdp_dispatch_list '{string.Join(' ', value.Words)}'",
        Help.Offer.Interfaces when value.IsList => "_xdp_dispatch_list \"$(_xdp_dispatch_interfaces)\"",
        Help.Offer.Words => $"COMPREPLY=($(compgen -W '{string.Join(' ', value.Words)}' -- \"$cur\"))",
        Help.Offer.Interfaces => "COMPREPLY=($(compgen -W \"$(_xdp_dispatch_interfaces)\" -- \"$cur\"))",
        Help.Offer.Files => "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- \"$cur\")",
        Help.Offer.Folders => "compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -d -- \"$cur\")",
        _ => ":",
    };

    private const string List =
        """
        # the last of several apart by commas, behind those before it, and none of them again
        _xdp_dispatch_list() {
            local last=${cur##*,} word words=
            local before=${cur%"$last"}
            for word in $1; do
                [[ ,$before == *",$word,"* ]] || words+=" $word"
            done
            COMPREPLY=($(compgen -P "$before" -W "$words" -- "$last"))
        }


        """;

    private const string Engine =
        """
        _xdp_dispatch() {
            local cur=${COMP_WORDS[COMP_CWORD]} verb= index=0 i word saved
            COMPREPLY=()
            saved=$cur
            for ((i = 1; i < COMP_CWORD; i++)); do
                word=${COMP_WORDS[i]}
                if [[ -z $verb ]]; then
                    [[ $word == -* ]] || verb=$word
                elif [[ $word == -* && ${COMP_WORDS[i + 1]-} == = ]]; then
                    if (((i += 2) >= COMP_CWORD)); then
                        cur=${saved#=}
                        _xdp_dispatch_value "$verb:$word=" || _xdp_dispatch_value "$verb:$word"
                        return
                    fi
                elif [[ $word == -* ]]; then
                    if cur= _xdp_dispatch_value "$verb:$word"; then
                        ((++i == COMP_CWORD)) && { cur=$saved; _xdp_dispatch_value "$verb:$word"; return; }
                    fi
                else
                    ((index += 1))
                fi
            done
            cur=$saved
            COMPREPLY=()
            if [[ $cur == -* ]]; then
                COMPREPLY=($(compgen -W "$(_xdp_dispatch_options "$verb")" -- "$cur"))
            elif [[ -z $verb ]]; then
                COMPREPLY=($(compgen -W '@VERBS@' -- "$cur"))
            else
                # behind an option whose value may be left out: the value, or what comes next
                word=${COMP_WORDS[COMP_CWORD - 1]}
                [[ $word == -* ]] && _xdp_dispatch_value "$verb:$word="
                saved=("${COMPREPLY[@]}")
                COMPREPLY=()
                _xdp_dispatch_argument "$verb:$index"
                COMPREPLY=("${saved[@]}" "${COMPREPLY[@]}")
            fi
        }
        complete -F _xdp_dispatch xdp-dispatch

        """;
}
