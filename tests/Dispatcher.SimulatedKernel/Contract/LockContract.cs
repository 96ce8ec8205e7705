using System.Collections.Immutable;
using Dispatcher.Runtime;

namespace Dispatcher.SimulatedKernel.Contract;

/// <summary>Rules of flock(2) on a directory.</summary>
internal static class LockContract
{
    public static ImmutableArray<ContractRule> Rules { get; } =
    [
        new("P-242", "One holder at a time, the same process included", false, machine =>
        {
            using (var taken = machine.Port.Files.TryLock(machine.Folder))
            {
                Assert.NotNull(taken);
                Assert.Null(machine.Port.Files.TryLock(machine.Folder));
            }

            using var again = machine.Port.Files.TryLock(machine.Folder);
            Assert.NotNull(again);
        }),
        new("P-092", "The holder of a lock is known by its process id", false, machine =>
        {
            Assert.Null(machine.Port.Files.FindLockHolder(machine.Folder));
            using (machine.Port.Files.TryLock(machine.Folder))
                Assert.NotNull(machine.Port.Files.FindLockHolder(machine.Folder));
            Assert.Null(machine.Port.Files.FindLockHolder(machine.Folder));
            Assert.Null(machine.Port.Files.FindLockHolder(machine.Folder + "/none"));
        }),
        new("A directory that is not there cannot be locked", false, machine => Assert.Equal(
            KernelErrno.ENOENT, Assert.Throws<KernelException>(() => machine.Port.Files.TryLock(machine.Folder + "/none")).Errno)),
        new("P-242", "A lock stays on the directory that it was taken on, not on its name", false, machine =>
        {
            var folder = machine.Folder + "/sub";
            machine.Port.Files.MakeDirectory(folder);
            using (machine.Port.Files.TryLock(folder))
            {
                Assert.True(machine.Port.Files.RemoveDirectory(folder));
                machine.Port.Files.MakeDirectory(folder);
                using var other = machine.Port.Files.TryLock(folder);
                Assert.NotNull(other);
            }

            machine.Port.Files.RemoveDirectory(folder);
        }),
    ];
}
