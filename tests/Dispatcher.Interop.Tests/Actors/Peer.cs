using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>One release of libxdp and xdp-tools, as eng/peers unpacked it.</summary>
/// <param name="Name">Name in <c>eng/peers.txt</c>, for example <c>1.3</c>.</param>
/// <param name="Release">Upstream release, for example <c>1.3.1</c>.</param>
/// <param name="Folder">Its commands.</param>
internal sealed record Peer(string Name, string Release, string Folder)
{
    private static readonly Lazy<IReadOnlyList<Peer>> Unpacked = new(Find);

    /// <summary>All of them, oldest first.</summary>
    public static IReadOnlyList<Peer> All => Unpacked.Value;

    /// <summary>The dispatcher version that it writes.</summary>
    public int Writes => Name == "1.6" ? 3 : 2;

    /// <summary>One of them.</summary>
    public static Peer Of(string name) => All.Single(peer => peer.Name == name);

    /// <summary>Full path of one of its commands.</summary>
    public string Command(string name) => Path.Combine(Folder, name);

    private static IReadOnlyList<Peer> Find() =>
    [
        .. Tool.Run("bash", Repository.PathOf("eng", "peers")).OrFail().Output
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => line.Split(' ', 3))
            .Select(words => new Peer(words[0], words[1].Split('-')[0], words[2])),
    ];
}
