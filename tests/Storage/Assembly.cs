// One class after the other: what a test allocates is measured for the whole process.
[assembly: CollectionBehavior(DisableTestParallelization = true)]
