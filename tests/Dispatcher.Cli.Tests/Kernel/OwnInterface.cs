using System.Text.Json;
using Dispatcher.Cli.Hosting;
using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

/// <summary>Tests on hooks of this machine; nothing else runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KernelCollection
{
    /// <summary>Name of the collection.</summary>
    public const string Name = "On a real kernel";
}

/// <summary>A veth interface, a bpffs, and the tool run on them, in this process, against the kernel. Removes everything on dispose.</summary>
internal sealed class OwnInterface : IDisposable
{
    private const string BpfFsVariable = "LIBXDP_BPFFS";
    private readonly string? _bpfFsBefore = Environment.GetEnvironmentVariable(BpfFsVariable);
    private readonly VethPair _pair = new();

    public OwnInterface() => Environment.SetEnvironmentVariable(BpfFsVariable, BpfFs.FullPath);

    /// <summary>Where pins go; the tool and the tests' processes use it while this lives.</summary>
    public BpfFs BpfFs { get; } = new();

    /// <summary>Interface name.</summary>
    public string Name => _pair.Left.Name;

    /// <summary>The other end, which sends what the interface receives.</summary>
    public VethEnd Sender => _pair.Right;

    /// <summary>Files of the test.</summary>
    public TempFolder Folder { get; } = new();

    /// <summary>Runs the tool; <c>$</c> stands for the interface.</summary>
    public Task<CliRun> Run(params string[] args) => CliRun.Of(new ChainHost(), [.. args.Select(a => a == "$" ? Name : a)]);

    /// <summary>Runs the tool and fails the test unless it ends like this.</summary>
    public async Task<CliRun> Expect(int exitCode, params string[] args)
    {
        var run = await Run(args);
        Assert.True(run.ExitCode == exitCode, $"expected exit {exitCode}:\n{run.Describe(args)}");
        return run;
    }

    /// <summary>What status says of the interface.</summary>
    public async Task<JsonElement> Status()
    {
        using var document = JsonDocument.Parse((await Expect(0, "status", "$", "--json")).Output);
        return document.RootElement[0].Clone();
    }

    /// <summary>Ids of the programs in the chain.</summary>
    public async Task<uint[]> ProgramIds() =>
        [.. (await Status()).GetProperty("programs").EnumerateArray().Select(p => p.GetProperty("id").GetUInt32())];

    /// <summary>The program on the hook as iproute2 sees it, or null.</summary>
    public string? ProgramOnHook()
    {
        var words = Tool.Run("ip", "link", "show", "dev", Name).OrFail().Output.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "prog/xdp");
        return at < 0 ? null : words[at + 2];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Environment.SetEnvironmentVariable(BpfFsVariable, _bpfFsBefore);
        BpfFs.Dispose();
        _pair.Dispose();
        Folder.Dispose();
    }
}
