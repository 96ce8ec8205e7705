namespace Dispatcher.Runtime.Interop;

/// <summary>What of the file systems that this process sees ends with its own mount namespace.</summary>
internal static class MountNamespace
{
    private const string OfFirstProcess = "/proc/1/root";

    private static readonly Lazy<bool> IsOwn = new(() =>
        FileIdentity.Read("/proc/self/ns/mnt", out _) is { } own && FileIdentity.Read("/proc/1/ns/mnt", out _) is { } first && !own.IsSameFile(first));

    /// <summary>See <see cref="Kernel.IBpfFs.IsPrivate"/>.</summary>
    public static bool IsPrivate(string path)
    {
        if (!IsOwn.Value || FileIdentity.Read(path, out _) is not { } here)
            return false;
        var there = FileIdentity.Read(OfFirstProcess + path, out var errno);
        return there is { } file ? (file.DeviceMajor, file.DeviceMinor) != (here.DeviceMajor, here.DeviceMinor) : errno == Errno.ENOENT;
    }
}
