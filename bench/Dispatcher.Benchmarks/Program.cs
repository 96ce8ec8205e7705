using Dispatcher.Benchmarks;
using Dispatcher.Benchmarks.Measuring;
using Dispatcher.Benchmarks.Peers;
using Dispatcher.Benchmarks.Reports;
using Dispatcher.Benchmarks.Sections;
using Xunit.Sdk;

// measure: one place's sections into a file. report: files of all places into table, comparison, JSON, plot and document. ./bench.sh calls both.
switch (args)
{
    case ["names"]:
        foreach (var section in Section.All)
            Console.WriteLine($"{section.Name} {section.Place}");
        return 0;
    case ["measure", var place, var artifacts, var commit, var quick, var peers, var result, .. var names]:
        return Measure(Enum.Parse<Place>(place), artifacts, commit, quick == "quick", File.ReadLines(peers).Select(Peer.Read), result, names);
    case ["report", var earlier, var json, var svg, var document, .. var parts]:
        Write(earlier, json, svg, document, Report.Join([.. parts.Select(Report.Read)]));
        return 0;
    default:
        Console.Error.WriteLine("Start it with ./bench.sh.");
        return 2;
}

static int Measure(Place place, string artifacts, string commit, bool isQuick, IEnumerable<Peer> peers, string result, string[] names)
{
    var work = Directory.CreateTempSubdirectory("xdp-dispatch-bench-");
    try
    {
        var bench = new Bench(artifacts, work.FullName, [.. peers], isQuick);
        if (place == Place.Vm)
            bench = bench.InMemory();
        var machine = Machine.Here(commit, isQuick, place == Place.Vm);
        List<Row> rows = [];
        foreach (var section in Section.All.Where(section => section.Place == place && names.Contains(section.Name)))
        {
            Console.Error.WriteLine($"    {section.Title.Split('(')[0].Trim()}");
            rows.AddRange(section.Run(bench));
            // After each section: a later one that fails, or a VM that is stopped, loses none of the earlier.
            new Report(machine, [.. rows], [.. bench.Notes]).Write(result);
        }

        return 0;
    }
    catch (Exception failure) when (failure is InvalidOperationException or XunitException)
    {
        Console.Error.WriteLine($"error: {failure.Message}");
        return 1;
    }
    finally
    {
        work.Delete(recursive: true);
    }
}

static void Write(string earlier, string json, string svg, string document, Report report)
{
    TextTable.Print(report, Console.Out);
    if (earlier.Length > 0)
        Comparison.Print(Report.Read(earlier), report, Console.Out);
    if (json.Length > 0)
        report.Write(json);
    if (svg.Length > 0)
        Plot.Write(svg, report);
    if (document.Length > 0)
        Document.Write(document, report);
}
