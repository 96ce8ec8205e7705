using System.Globalization;
using Dispatcher.Runtime;
using Dispatcher.Testing;

namespace Dispatcher.Samples.Tests;

/// <summary>A NIC that firewall and IDS share, and the other end of its cable in a namespace of its own. Checks on dispose that nothing is left.</summary>
internal sealed class Scene : IDisposable
{
    private readonly LeakCheck _leaks = LeakCheck.Begin();
    private readonly BpfFs _bpfFs = new();
    private readonly NetNamespace _far = new();
    private readonly VethPair _pair;
    private readonly List<Product> _products = [];

    /// <summary>Sets it up.</summary>
    public Scene()
    {
        UseOneProcessor();
        _pair = new VethPair(right: _far);
        Traffic.AddAddresses(_pair);
        Dispatcher = XdpDispatcher.Open(new XdpDispatcherOptions { BpfFsPath = _bpfFs.FullPath });
    }

    /// <summary>Looks at the chain as a third application.</summary>
    public XdpDispatcher Dispatcher { get; }

    /// <summary>Name of the NIC.</summary>
    public string Interface => _pair.Left.Name;

    /// <summary>Pins and folders that are there.</summary>
    public IReadOnlyList<string> Pins => _bpfFs.Entries();

    /// <summary>Starts a process of the firewall.</summary>
    public Product StartFirewall(params string[] words) => Start("xdp-firewall", "firewall", ["--ports", $"udp/{Traffic.Blocked}", .. words]);

    /// <summary>Starts a process of the IDS. It tells of a source once in ten seconds.</summary>
    public Product StartIds(params string[] words) => Start("xdp-ids", "ids", ["--window", "00:00:10", .. words]);

    /// <summary>Starts packets.</summary>
    public Traffic StartTraffic() => new(_far, _pair);

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var product in _products)
            product.Dispose();
        _pair.Dispose();
        _far.Dispose();
        _bpfFs.Dispose();
        _leaks.AssertNothingLeft();
    }

    private Product Start(string program, string component, string[] words)
    {
        var product = new Product(program, _bpfFs.FullPath, ["--interface", Interface, "--object", ComponentObject.PathOf(component), .. words]);
        _products.Add(product);
        return product;
    }

    // The kernel patches its own code at each swap, and a processor that QEMU emulates may still run the breakpoint of the patch when
    // it is over, which is an oops. Packets are looked at on the processor that sends them: if the swaps are made on it too, there is
    // no other one. Processes started from here stay on it.
    private static void UseOneProcessor()
    {
        if (Environment.GetEnvironmentVariable("XDP_DISPATCH_VM") is not null)
            Tool.Run("taskset", "-a", "-p", "-c", "0", Environment.ProcessId.ToString(CultureInfo.InvariantCulture)).OrFail();
    }
}
