using System.Globalization;
using Dispatcher.Fuzzing.Running;

namespace Dispatcher.Fuzzing;

/// <summary>The table that a session prints, a line as each reader is done.</summary>
/// <param name="output">Where it goes.</param>
internal sealed class ReportTable(TextWriter output)
{
    private long _executions;
    private long _refused;
    private long _accepted;
    private double _seconds;
    private int _covered;
    private int _branches;

    /// <summary>Findings so far.</summary>
    public int Findings { get; private set; }

    public void WriteHead() => output.WriteLine($"{"reader",-13} {"executions",11} {"per s",9} {"refused",11} {"accepted",11} {"findings",8} {"inputs",6} {"branches",13}");

    public void Write(IFuzzTarget target, FuzzReport report, (int Covered, int Total) branches)
    {
        _executions += report.Executions;
        _refused += report.Refused;
        _accepted += report.Accepted;
        _seconds += report.Time.TotalSeconds;
        _covered += branches.Covered;
        _branches += branches.Total;
        Findings += report.Findings.Count;
        WriteLine(target.Name, report.Executions, report.Time.TotalSeconds, report.Refused, report.Accepted, report.Findings.Count, $"{report.Inputs}", branches);
    }

    public void WriteSum() => WriteLine("all", _executions, _seconds, _refused, _accepted, Findings, "", (_covered, _branches));

    private void WriteLine(string name, long executions, double seconds, long refused, long accepted, int findings, string inputs, (int Covered, int Total) branches)
    {
        var coverage = string.Create(CultureInfo.InvariantCulture, $"{branches.Covered}/{branches.Total} {100.0 * branches.Covered / Math.Max(1, branches.Total):f0}%");
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{name,-13} {executions,11} {executions / Math.Max(0.001, seconds),9:f0} {refused,11} {accepted,11} {findings,8} {inputs,6} {coverage,13}"));
        output.Flush();
    }
}
