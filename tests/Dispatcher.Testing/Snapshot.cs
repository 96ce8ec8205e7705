using System.Runtime.CompilerServices;

namespace Dispatcher.Testing;

/// <summary>Compares text with a file that a person has read and committed. File names as Verify makes them.</summary>
public static class Snapshot
{
    /// <summary>Fails unless the text equals <c>Class.Method[_name].verified.txt</c> beside the test's source file.</summary>
    /// <param name="text">What the code under test printed; line ends become LF, and a last one is added.</param>
    /// <param name="name">Tells several snapshots of one method apart.</param>
    /// <param name="filePath">Filled in by the compiler.</param>
    /// <param name="memberName">Filled in by the compiler.</param>
    /// <remarks>
    /// A difference writes <c>.received.txt</c> beside it and fails. With <c>ACCEPT_SNAPSHOTS=1</c> the text is accepted
    /// instead, but never when <c>CI=true</c>. Accept only what an oracle that we did not write agrees with.
    /// </remarks>
    public static void Verify(string text, string? name = null, [CallerFilePath] string filePath = "", [CallerMemberName] string memberName = "")
    {
        ArgumentNullException.ThrowIfNull(text);
        var isAccepting = Environment.GetEnvironmentVariable("ACCEPT_SNAPSHOTS") == "1" && !Repository.IsCi;
        if (Compare(text, StemOf(name, Repository.MapSource(filePath), memberName), isAccepting) is { } failure)
            Assert.Fail(failure);
    }

    /// <summary>The comparison itself; null when it holds.</summary>
    /// <param name="text">What was received.</param>
    /// <param name="stem">Full path without <c>.verified.txt</c>.</param>
    /// <param name="isAccepting">Write the verified file instead of failing.</param>
    public static string? Compare(string text, string stem, bool isAccepting)
    {
        var received = text.ReplaceLineEndings("\n");
        if (!received.EndsWith('\n'))
            received += "\n";
        var (verifiedPath, receivedPath) = (stem + ".verified.txt", stem + ".received.txt");
        var verified = File.Exists(verifiedPath) ? File.ReadAllText(verifiedPath) : null;
        if (received == verified)
        {
            if (File.Exists(receivedPath))
                File.Delete(receivedPath);
            return null;
        }

        if (isAccepting)
        {
            File.WriteAllText(verifiedPath, received);
            return null;
        }

        var where = TryWrite(receivedPath, received) ? $"Received text is in {receivedPath}." : "Received text could not be written beside it.";
        var what = verified is null ? $"There is no {verifiedPath}." : $"{verifiedPath} differs: - verified, + received.";
        return $"{what}\n{where}\nAccept with ACCEPT_SNAPSHOTS=1 after checking it.\n\n{LineDiff.Render(verified ?? "", received)}";
    }

    private static string StemOf(string? name, string filePath, string memberName)
    {
        var stem = $"{Path.GetFileNameWithoutExtension(filePath)}.{memberName}{(name is null ? "" : "_" + name)}";
        return Path.Combine(Path.GetDirectoryName(filePath)!, stem);
    }

    private static bool TryWrite(string path, string text)
    {
        try
        {
            File.WriteAllText(path, text);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }
}
