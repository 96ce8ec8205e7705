using System.Globalization;
using System.Text;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Testing;

namespace Dispatcher.Benchmarks.Changes;

/// <summary>Two programs that are loaded, and a process that puts one of them on every interface, or takes it off: what the kernel takes for the swaps.</summary>
internal sealed class SwapsAlone : IDisposable
{
    private static int _count;

    private readonly string[] _names;
    private readonly string[] _pins;

    /// <summary>Loads the programs.</summary>
    /// <param name="bench">What there is.</param>
    /// <param name="names">The interfaces.</param>
    public SwapsAlone(Bench bench, string[] names)
    {
        _names = names;
        _pins = [.. Enumerable.Range(0, 2).Select(_ => string.Create(CultureInfo.InvariantCulture, $"/sys/fs/bpf/bench-{Environment.ProcessId}-{++_count}"))];
        foreach (var pin in _pins)
            new ToolRequest("bpftool", "prog", "load", bench.DirectObject(2), pin).Run();
    }

    /// <summary>Puts a program on every interface, over whatever is there.</summary>
    /// <returns>Milliseconds.</returns>
    public double Put(int program) => Batch($"xdpdrv pinned {_pins[program]}");

    /// <summary>Takes it off every interface.</summary>
    /// <returns>Milliseconds.</returns>
    public double Empty() => Batch("xdpdrv off");

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var pin in _pins)
            File.Delete(pin);
    }

    private double Batch(string what)
    {
        var lines = string.Concat(_names.Select(name => $"link set dev {name} {what}\n"));
        return new ToolRequest("ip", "-force", "-batch", "-") { Input = Encoding.ASCII.GetBytes(lines) }.Milliseconds();
    }
}
