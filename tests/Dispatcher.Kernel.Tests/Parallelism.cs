// Hooks, pins and fds are compared before and after each test, so no other test may run beside it.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
