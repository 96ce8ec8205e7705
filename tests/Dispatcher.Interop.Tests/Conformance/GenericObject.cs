using Dispatcher.Compiler.Emit;
using Dispatcher.Compiler.Model;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>A folder with our generic dispatcher under the name that libxdp looks for; what <c>xdp-dispatch emit --generic</c> writes.</summary>
internal sealed class GenericObject : IDisposable
{
    private readonly TempFolder _folder = new();

    public GenericObject(int version)
    {
        var generated = DispatcherGenerator.Generate(new DispatcherSpec((DispatcherVersion)version, [], DispatcherFlavour.Generic));
        _folder.Write("xdp-dispatcher.o", generated.WriteElf());
    }

    /// <summary>For <c>LIBXDP_OBJECT_PATH</c>.</summary>
    public string Folder => _folder.FullPath;

    public void Dispose() => _folder.Dispose();
}
