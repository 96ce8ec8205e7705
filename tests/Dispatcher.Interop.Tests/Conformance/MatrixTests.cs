using Dispatcher.Interop.Tests.Actors;
using Dispatcher.Testing;

namespace Dispatcher.Interop.Tests.Conformance;

/// <summary>Every actor does every operation on chains of every version; docs/interop.md has what came of it.</summary>
public sealed class MatrixTests
{
    private const string Document = "docs/interop.md";
    private const string Start = "<!-- matrix -->\n";
    private const string End = "<!-- end of matrix -->";

    [ExtFact]
    public async Task The_matrix_is_the_one_in_the_document()
    {
        Effort.IsForLongRuns();
        var matrix = new Matrix();
        using var stage = new Stage();
        using (var ours = new OurActor(stage.BpfFsPath))
            await Add(matrix, stage, ours);
        foreach (var peer in Peer.All)
        {
            using var libxdp = new LibxdpActor(peer, stage.BpfFsPath);
            await Add(matrix, stage, libxdp);
        }

        foreach (var peer in Peer.All)
            await Add(matrix, stage, new XdpLoaderActor(peer, stage.BpfFsPath), coreOnly: true);

        var table = matrix.Render();
        Figures.Print(table);
        Assert.Equal([], matrix.OurFailures);
        // A deviation that a peer no longer has fails here too: the document says what is true.
        var documented = Documented();
        if (table != documented)
            Assert.Fail($"{Document} is not what was seen ('eng/conformance --accept' writes it):\n{LineDiff.Render(documented, table)}");
    }

    [Fact]
    public void The_document_has_a_row_for_ours_and_every_release()
    {
        var rows = Documented().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(2).Select(row => row.Split('|')[1].Trim());
        Assert.Equal(
            ["ours", "libxdp 1.3", "libxdp 1.5", "libxdp 1.6", "xdp-loader 1.3", "xdp-loader 1.5", "xdp-loader 1.6"],
            rows.Distinct().Select(name => name == "ours" ? name : name[..name.LastIndexOf('.')]));
    }

    private static async Task Add(Matrix matrix, Stage stage, IActor actor, bool coreOnly = false)
    {
        foreach (var version in Matrix.Versions)
            await matrix.AddRow(stage, actor, version, coreOnly);
    }

    private static string Documented()
    {
        var text = File.ReadAllText(Repository.PathOf(Document));
        var start = text.IndexOf(Start, StringComparison.Ordinal) + Start.Length;
        return text[start..text.IndexOf(End, StringComparison.Ordinal)];
    }
}
