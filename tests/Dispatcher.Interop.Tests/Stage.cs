using Dispatcher.Compiler.Model;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests;

/// <summary>One hook and one bpffs for any mix of actors, and ours in this process, which sets the scene and looks at what came of it.</summary>
internal sealed class Stage : IDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Begin();
    private readonly BpfFs _bpfFs = new();
    private readonly VethPair _pair;

    /// <summary>Makes the hook.</summary>
    /// <param name="left">Where the hook is; null: this process's network namespace.</param>
    /// <param name="right">Where the other end of the cable is; null: this process's network namespace.</param>
    public Stage(NetNamespace? left = null, NetNamespace? right = null)
    {
        _pair = new VethPair(left, right);
        Ours = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = BpfFsPath });
    }

    public static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public XdpDispatcher Ours { get; }

    public string BpfFsPath => _bpfFs.FullPath;

    public string Interface => _pair.Left.Name;

    public VethPair Pair => _pair;

    /// <summary>Pins and folders on the bpffs, relative to it.</summary>
    public IReadOnlyList<string> Pins => _bpfFs.Entries();

    /// <summary>Attaches components of <c>bpf/</c> as this process.</summary>
    public Task<ChangeResult> Load(AttachOptions? options, params string[] names) => Ours.AttachAsync(
        Interface, [.. names.Select(name => ComponentProgram.FromElfFile(ComponentObject.PathOf(name)))], options, Cancellation);

    /// <summary>The same on several interfaces, as one change.</summary>
    public async Task<BatchResult> LoadOnAll(IReadOnlyList<string> interfaces, params string[] names)
    {
        var request = new AttachRequest([.. names.Select(name => ComponentProgram.FromElfFile(ComponentObject.PathOf(name)))]);
        var result = await Ours.ApplyToAllAsync(interfaces, request, cancellationToken: Cancellation);
        Assert.True(result.Succeeded, result.FirstFailure?.Message);
        return result;
    }

    /// <summary>A fresh chain of one version.</summary>
    public Task<ChangeResult> Load(DispatcherVersion version, params string[] names) => Load(new AttachOptions { Protocol = version }, names);

    public Task<HookStatus> Status() => Ours.GetStatusAsync(Interface, Cancellation);

    /// <summary>The programs in the chain as we read it; null when what is there cannot be read as a chain.</summary>
    public async Task<IReadOnlyList<ListedProgram>?> OurList()
    {
        var status = await Status();
        if (status.IsEmpty)
            return [];
        return status.Chain is { } chain
            ? [.. chain.Programs.Select(p => new ListedProgram(p.Priority, p.Name, p.Id.Value, p.Tag.ToString(), p.Actions.ToString()))]
            : null;
    }

    /// <summary>Names in running order, apart by blanks.</summary>
    public async Task<string> Names() => await OurList() is { } list ? string.Join(' ', list.Select(program => program.Name)) : "(unreadable)";

    /// <summary>Empties the hook.</summary>
    public async Task Clear()
    {
        if (!(await Status()).IsEmpty)
            await Ours.DetachAsync(Interface, ComponentSelection.All, Cancellation);
    }

    public void Dispose()
    {
        _pair.Dispose();
        _bpfFs.Dispose();
        _leaks.AssertNothingLeft();
    }
}
