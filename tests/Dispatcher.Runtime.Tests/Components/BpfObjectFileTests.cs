using Dispatcher.Testing;

namespace Dispatcher.Runtime.Tests.Components;

public sealed class BpfObjectFileTests : IDisposable
{
    private readonly TempFolder _folder = new();

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(16 << 10)]
    [InlineData((16 << 10) + 1)]
    [InlineData(200_001)]
    public async Task A_file_is_read_whole_whether_it_says_how_long_it_is_or_not(int length)
    {
        var bytes = new byte[length];
        new Random(length).NextBytes(bytes);
        var path = Path.Combine(_folder.FullPath, "file.o");
        await File.WriteAllBytesAsync(path, bytes, TestContext.Current.CancellationToken);
        Assert.Equal(bytes, BpfObjectFile.Read(path).ToArray());

        var pipe = Path.Combine(_folder.FullPath, "pipe.o");
        Tool.Run("mkfifo", pipe).OrFail();
        // The opening of a pipe waits for the other end.
        var writing = Task.Run(() => File.WriteAllBytesAsync(pipe, bytes, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        Assert.Equal(bytes, BpfObjectFile.Read(pipe).ToArray());
        await writing;
    }

    [Fact]
    public void Of_a_file_not_much_more_than_its_length_is_allocated()
    {
        var path = Path.Combine(_folder.FullPath, "file.o");
        File.WriteAllBytes(path, new byte[10_000]);
        BpfObjectFile.Read(path);
        var before = GC.GetAllocatedBytesForCurrentThread();
        BpfObjectFile.Read(path);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 10_000, 13_000);
    }

    [Fact]
    public void What_is_no_file_is_told_as_that()
    {
        Assert.Contains("is larger than 64 MiB", Assert.Throws<ComponentException>(() => BpfObjectFile.Read("/dev/zero")).Message, StringComparison.Ordinal);
        Assert.EndsWith("is a folder; name an object file in it.", Assert.Throws<ComponentException>(() => BpfObjectFile.Read(_folder.FullPath)).Message, StringComparison.Ordinal);
        Assert.Equal("nowhere.o", Assert.Throws<NotFoundException>(() => BpfObjectFile.Read("nowhere.o")).MissingFile);
        Assert.Throws<ArgumentException>(() => BpfObjectFile.Read(""));
    }

    public void Dispose() => _folder.Dispose();
}
