// Allocations are counted over all threads: nothing else may run.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
