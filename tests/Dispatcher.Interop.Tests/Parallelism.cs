// xdp-loader has a lock file of its own and fails when another one runs.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
