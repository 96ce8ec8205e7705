using Dispatcher.Testing;

namespace Dispatcher.Packages.Tests;

/// <summary>What <c>eng/pack</c> made.</summary>
internal static class BuiltPackages
{
    /// <summary>The folder they are in.</summary>
    public static string Folder { get; } = Repository.PathOf("artifacts/packages");

    /// <summary>Full path of the one file that fits; skips the test when there is none.</summary>
    /// <param name="pattern">File name with <c>*</c> for the version.</param>
    public static string Require(string pattern)
    {
        var found = Directory.Exists(Folder) ? Directory.GetFiles(Folder, pattern) : [];
        Need.That(found.Length > 0, "Packages", "needs the packages that ./test.sh makes");
        return Assert.Single(found);
    }
}
