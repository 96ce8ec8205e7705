using Dispatcher.Testing;

namespace Dispatcher.Cli.Tests.Kernel;

/// <summary>A program attached by bpftool, as an administrator would; taken off on dispose.</summary>
internal sealed class ForeignProgram : IDisposable
{
    private readonly OwnInterface _nic;
    private readonly string _pin;

    public ForeignProgram(OwnInterface nic, byte[] foreignObject)
    {
        (_nic, _pin) = (nic, nic.BpfFs.PathOf("foreign"));
        Tool.Run("bpftool", "prog", "load", nic.Folder.Write("foreign.o", foreignObject), _pin).OrFail();
        Tool.Run("bpftool", "net", "attach", "xdp", "pinned", _pin, "dev", nic.Name).OrFail();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Tool.Run("bpftool", "net", "detach", "xdp", "dev", _nic.Name);
        File.Delete(_pin);
    }
}
