using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>One hook that ours and the peer both work on, and the component objects they load.</summary>
internal sealed class SharedHook : IDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Begin();
    private readonly BpfFs _bpfFs = new();
    private readonly VethPair _pair = new();

    public SharedHook()
    {
        Need.Tool("xdp-loader");
        Ours = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = _bpfFs.FullPath });
        Peer = new XdpLoader(_bpfFs.FullPath);
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public XdpDispatcher Ours { get; }

    public XdpLoader Peer { get; }

    public string Interface => _pair.Left.Name;

    public string BpfFsPath => _bpfFs.FullPath;

    public IReadOnlyList<string> Pins => _bpfFs.Entries();

    public Task<ChangeResult> Load(params string[] names) => Ours.AttachAsync(
        Interface, [.. names.Select(name => ComponentProgram.FromElfFile(ComponentObject.PathOf(name)))], cancellationToken: Cancellation);

    public async Task<IReadOnlyList<ListedProgram>> OurList() =>
        (await Ours.GetStatusAsync(Interface, Cancellation)).Chain is { } chain
            ? [.. chain.Programs.Select(p => new ListedProgram(p.Priority, p.Name, p.Id.Value, p.Tag.ToString(), p.Actions.ToString()))]
            : [];

    /// <summary>By slot: the function of the dispatcher that the component replaces.</summary>
    public async Task<string[]> Targets() => LinkTargets.Read(_bpfFs.FullPath, await Ours.GetStatusAsync(Interface, Cancellation));

    /// <summary>Both lists say the same, and these are the names.</summary>
    public async Task ListsAre(params string[] names)
    {
        var ours = await OurList();
        Assert.Equal(names, ours.Select(program => program.Name));
        Assert.Equal(ours, Peer.Status(Interface));
    }

    public void Dispose()
    {
        _pair.Dispose();
        _bpfFs.Dispose();
        _leaks.AssertNothingLeft();
    }
}
