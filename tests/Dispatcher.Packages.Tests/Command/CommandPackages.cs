namespace Dispatcher.Packages.Tests.Command;

/// <summary>What <c>eng/package</c> made of the command line tool.</summary>
internal static class CommandPackages
{
    /// <summary>Full path of the tarball; skips the test when there is none.</summary>
    public static string Tarball => BuiltPackages.Require("xdp-dispatch-*-linux-x64.tar.gz");

    /// <summary>Full path of the Debian package; skips the test when there is none.</summary>
    public static string Debian => BuiltPackages.Require("xdp-dispatch_*_amd64.deb");

    /// <summary>Version of the tool, from the name of the tarball.</summary>
    public static string Version => Path.GetFileName(Tarball)["xdp-dispatch-".Length..^"-linux-x64.tar.gz".Length];
}
