using System.Collections.Immutable;
using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;

namespace Dispatcher.Cli.Commands;

/// <summary>What <c>--maps</c> says: <c>reuse</c> or <c>fresh</c> for all, <c>NAME=reuse</c> or <c>NAME=fresh</c> for one, apart by commas.</summary>
internal static class MapHandlingSyntax
{
    /// <summary>Adds what is said to the options.</summary>
    /// <exception cref="UsageException">Another word, or a name or the rule for all named twice.</exception>
    public static ReplaceOptions Apply(ReplaceOptions options, string text)
    {
        var byName = ImmutableDictionary.CreateBuilder<string, MapHandling>();
        MapHandling? forAll = null;
        foreach (var part in text.Split(','))
        {
            var equals = part.LastIndexOf('=');
            var handling = part[(equals + 1)..] switch
            {
                "reuse" => MapHandling.Reuse,
                "fresh" => MapHandling.Fresh,
                var other => throw new UsageException($"--maps takes reuse, fresh or NAME=reuse|fresh, not '{Printable.Escape(other)}'", "for example --maps reuse,stats=fresh"),
            };
            if (equals > 0 && byName.TryAdd(part[..equals], handling))
                continue;
            if (equals != -1 || forAll is not null)
                throw new UsageException($"--maps names {(equals > 0 ? $"'{Printable.Escape(part[..equals])}'" : equals == 0 ? "no map before '='" : "the rule for all maps")}{(equals == 0 ? "" : " twice")}", "for example --maps reuse,stats=fresh");
            forAll = handling;
        }

        return options with { Maps = forAll ?? MapHandling.Reuse, MapsByName = byName.ToImmutable() };
    }
}
