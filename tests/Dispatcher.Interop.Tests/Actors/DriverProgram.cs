using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Actors;

/// <summary>The programs in C, as <c>eng/build-driver</c> makes them.</summary>
internal static class DriverProgram
{
    private static readonly Lazy<string> Folder = new(Build);

    /// <summary>Full path of one.</summary>
    public static string PathOf(string name) => Path.Combine(Folder.Value, name);

    // test.sh has built them by the time a VM runs.
    private static string Build() => Tool.Run("bash", Repository.PathOf("eng", "build-driver")).OrFail().Output.Trim();
}
