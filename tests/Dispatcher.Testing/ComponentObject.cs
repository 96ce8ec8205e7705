namespace Dispatcher.Testing;

/// <summary>The objects of <c>bpf/</c>, as <c>eng/build-bpf</c> makes them.</summary>
public static class ComponentObject
{
    private static readonly Lazy<string> Folder = new(Build);

    /// <summary>Path of <c>artifacts/bpf/&lt;name&gt;.o</c>.</summary>
    /// <param name="name">For example <c>firewall</c>.</param>
    public static string PathOf(string name) => Path.Combine(Folder.Value, name + ".o");

    /// <summary>The bytes of it.</summary>
    public static byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    // test.sh has built them by the time a VM runs: there the folder is read-only, and clang takes a minute.
    private static string Build()
    {
        Tool.Require("clang");
        Tool.Run("bash", Repository.PathOf("eng", "build-bpf")).OrFail();
        return Repository.PathOf("artifacts", "bpf");
    }
}
