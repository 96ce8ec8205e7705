using System.Collections.Immutable;
using System.Globalization;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>xdp-loader of one release: a process per command, libxdp linked in.</summary>
/// <param name="peer">Which release.</param>
/// <param name="bpfFsPath">The BPF file system it shares with others.</param>
internal sealed class XdpLoaderActor(Peer peer, string bpfFsPath) : IActor
{
    /// <inheritdoc/>
    public string Name => $"xdp-loader {peer.Release}";

    /// <inheritdoc/>
    public LineAnswer Attach(string interfaceName, AttachWish wish)
    {
        var before = List(interfaceName).Programs;
        List<string> arguments = ["load"];
        if (wish.Mode != "-")
            arguments.AddRange(["--mode", wish.Mode]);
        if (wish.Priority is { } priority)
            arguments.AddRange(["--prio", priority.ToString(CultureInfo.InvariantCulture)]);
        arguments.Add(interfaceName);
        arguments.AddRange(wish.Components.Select(name => name.StartsWith('/') ? name : ComponentObject.PathOf(name)));
        var answer = Run(arguments);
        if (!answer.IsDone)
            return answer;
        var ids = List(interfaceName).Programs.Select(program => program.Id).Except(before.Select(program => program.Id));
        return answer with { Values = answer.Values.Add("ids", string.Join(',', ids)) };
    }

    /// <inheritdoc/>
    public LineAnswer Detach(string interfaceName, params uint[] ids)
    {
        if (ids.Length == 0)
            return Run(["unload", interfaceName, "--all"]);
        var answers = ids.Select(id => Run(["unload", interfaceName, "--id", id.ToString(CultureInfo.InvariantCulture)])).ToList();
        return answers.FirstOrDefault(answer => !answer.IsDone) ?? answers[0];
    }

    /// <inheritdoc/>
    public LineAnswer List(string interfaceName)
    {
        var answer = Run(["status", interfaceName]);
        if (!answer.IsDone)
            return answer;
        var programs = XdpLoader.Read(answer.Text)
            .Select(program => $"{program.Priority}:{program.Name}:{program.Id}:{program.Tag}:{program.Actions}");
        return answer with { Values = ImmutableDictionary<string, string>.Empty.Add("programs", string.Join(';', programs)) };
    }

    /// <summary>Removes what it takes for leftovers.</summary>
    public LineAnswer Clean() => Run(["clean"]);

    /// <inheritdoc/>
    public void Dispose()
    {
    }

    private LineAnswer Run(IReadOnlyList<string> arguments)
    {
        var result = Tool.Run(new ToolRequest(peer.Command("xdp-loader"), arguments)
        {
            Environment = new Dictionary<string, string?> { ["LIBXDP_BPFFS"] = bpfFsPath },
        });
        return result.ExitCode == 0
            ? LineAnswer.Done with { Text = result.Output }
            : LineAnswer.Failed(0, (result.Error + result.Output).ReplaceLineEndings(" ").Trim());
    }
}
