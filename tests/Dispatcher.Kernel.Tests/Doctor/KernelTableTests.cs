using Dispatcher.Kernel.Tests.Port;
using Dispatcher.Runtime.Features;
using Dispatcher.Testing;

namespace Dispatcher.Kernel.Tests.Doctor;

/// <summary>The table in docs/operations.md says what the running kernel says.</summary>
[Collection(PortCollection.Name)]
public sealed class KernelTableTests
{
    [ExtFact]
    public async Task The_column_of_the_running_kernel_is_true()
    {
        var rows = File.ReadLines(Repository.PathOf("docs/operations.md"))
            .SkipWhile(line => line != "<!-- kernel-table -->").Skip(1).TakeWhile(line => line != "<!-- /kernel-table -->")
            .Select(line => line.Trim('|').Split('|', StringSplitOptions.TrimEntries)).ToList();
        Assert.InRange(rows.Count, 8, 40);
        var column = Array.IndexOf(rows[0], Environment.GetEnvironmentVariable("XDP_DISPATCH_VM"));
        Assert.SkipWhen(column < 0, "this kernel has no column in docs/operations.md");

        var findings = (await HostDoctor.ExamineAsync(cancellationToken: TestContext.Current.CancellationToken)).ToDictionary(found => found.Check, found => found.Verdict);

        foreach (var row in rows.Skip(3))
            Assert.Equal((row[0], findings[row[0]] == DoctorVerdict.Ok ? "yes" : "no"), (row[0], row[column]));
    }
}
