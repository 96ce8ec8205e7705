using Dispatcher.Cli.Errors;
using Dispatcher.Compiler;
using Dispatcher.Runtime;
using Dispatcher.Runtime.Capture;

namespace Dispatcher.Cli.Commands;

/// <summary>A file of packets that a user named, whatever it turns out to be.</summary>
internal sealed class PacketFile : IDisposable
{
    private readonly string _path;
    private readonly BufferedStream _stream;
    private readonly PcapReader _reader;

    private PacketFile(string path, Stream file)
    {
        _path = path;
        _stream = new BufferedStream(file);
        _reader = Told(() => new PcapReader(_stream));
    }

    /// <summary>Opens it and reads its head.</summary>
    /// <exception cref="NotFoundException">No such file.</exception>
    /// <exception cref="IOException">A folder, or it cannot be read.</exception>
    /// <exception cref="HintedException">It holds no packets that are read here.</exception>
    public static PacketFile Open(string path)
    {
        if (Directory.Exists(path))
            throw new IOException($"'{Printable.Escape(path)}' is a folder; name a file of packets in it.");
        if (!File.Exists(path))
            throw new NotFoundException($"There is no file '{Printable.Escape(path)}'; check the path.") { MissingFile = path };
        var file = File.OpenRead(path);
        try
        {
            return new PacketFile(path, file);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>The next packet; null: there are no more.</summary>
    /// <exception cref="HintedException">The file is damaged.</exception>
    public CapturedPacket? Read() => Told(_reader.Read);

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private T Told<T>(Func<T> read)
    {
        try
        {
            return read();
        }
        catch (MalformedObjectException malformed)
        {
            throw new HintedException(malformed, $"'{Printable.Escape(_path)}' has to be what 'xdp-dispatch trace --pcap FILE' or 'tcpdump -w FILE' writes");
        }
    }
}
