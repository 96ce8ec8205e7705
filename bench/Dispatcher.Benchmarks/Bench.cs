using System.Globalization;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks;

/// <summary>What ./bench.sh has made, and how long to measure.</summary>
/// <param name="Artifacts">Folder with everything that was built.</param>
/// <param name="Work">Folder to write to, empty at first.</param>
/// <param name="Peers">Releases of libxdp, oldest first.</param>
/// <param name="IsQuick">Few rounds: shows that it works, not how long it takes.</param>
internal sealed record Bench(string Artifacts, string Work, IReadOnlyList<Peer> Peers, bool IsQuick)
{
    /// <summary>How many components the chains have where not every number is measured.</summary>
    public static IReadOnlyList<int> ChainLengths { get; } = [1, 2, 5, 10];

    /// <summary>The published command line tool.</summary>
    public string Tool => Path.Combine(Artifacts, "xdp-dispatch");

    /// <summary>The component that does nothing.</summary>
    public string PassObject => Path.Combine(Artifacts, "bench", "pass.bpf.o");

    /// <summary>The same with everything copied to the work folder, which the VM has in memory: its other files are slow, and slow for whoever has larger ones.</summary>
    public Bench InMemory()
    {
        var copy = Path.Combine(Work, "artifacts");
        Directory.CreateDirectory(Path.Combine(copy, "bench"));
        foreach (var name in (string[])["xdp-dispatch", "interop", "bench/actor", "bench/actor-native", "bench/testrun", "bench/limit", "bench/cost"])
            Copy(Path.Combine(Artifacts, name), Path.Combine(copy, name));
        foreach (var path in Directory.EnumerateFiles(Path.Combine(Artifacts, "bench"), "*.bpf.o"))
            File.Copy(path, Path.Combine(copy, "bench", Path.GetFileName(path)));
        return this with { Artifacts = copy, Peers = [.. Peers.Select(peer => peer.CopyTo(Work))] };
    }

    /// <summary>Copies a file or a folder from outside of the VM, whose clock goes on by leaps while it waits for them: ten minutes may be a moment.</summary>
    public static void Copy(string from, string to) => new ToolRequest("cp", "-a", from, to) { Timeout = TimeSpan.FromDays(1) }.Run();

    /// <summary>Few rounds when it is quick.</summary>
    public int Rounds(int usual) => IsQuick ? 3 : usual;

    /// <summary>The program that calls so many functions directly.</summary>
    public string DirectObject(int functions) => Path.Combine(Artifacts, "bench", string.Create(CultureInfo.InvariantCulture, $"direct-{functions}.bpf.o"));

    /// <summary>A program of bench/native.</summary>
    public ToolRequest Native(string name, params IReadOnlyList<string> arguments) => new(Path.Combine(Artifacts, "bench", name), arguments);

    /// <summary>Our library behind the line protocol.</summary>
    public ToolRequest OurActor() => new(Path.Combine(Artifacts, "bench", "actor", "Dispatcher.Interop.Actor"));

    /// <summary>The same compiled to native code ahead of time, as the command line tool is.</summary>
    public ToolRequest OurNativeActor() => new(Path.Combine(Artifacts, "bench", "actor-native", "Dispatcher.Interop.Actor"));

    /// <summary>libxdp behind the line protocol.</summary>
    public ToolRequest PeerActor(Peer peer) => peer.Command("with-libxdp", Path.Combine(Artifacts, "interop", "libxdp-actor"));

    /// <summary>What is to stand below the table: a heading and lines.</summary>
    public List<Note> Notes { get; } = [];

    /// <summary>Writes a file of this run.</summary>
    /// <returns>Its path.</returns>
    public string Write(string name, ReadOnlySpan<byte> bytes)
    {
        var path = Path.Combine(Work, name);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>A chain of components that go on after XDP_PASS.</summary>
    public static DispatcherSpec SpecOf(int components, DispatcherFlavour flavour = DispatcherFlavour.Specialised) =>
        new(DispatcherVersion.V2, [.. Enumerable.Range(1, components).Select(place => new Slot((uint)(10 * place), ChainCallActions.Default))], flavour);

    /// <summary>An object of ours.</summary>
    public static DispatcherObject Generate(int components, DispatcherFlavour flavour = DispatcherFlavour.Specialised) =>
        DispatcherGenerator.Generate(SpecOf(components, flavour));
}

/// <summary>Text below the table.</summary>
/// <param name="Section">Name of the section that tells it.</param>
/// <param name="Heading">What it is.</param>
/// <param name="Lines">As they are to be printed.</param>
internal sealed record Note(string Section, string Heading, IReadOnlyList<string> Lines);
