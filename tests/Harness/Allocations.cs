namespace Movento.Harness;

/// <summary>What calling something again and again allocates.</summary>
public static class Allocations
{
    // Once in a while the runtime allocates on the caller's thread for itself (measured on a busy machine: 0.8 to 4 KB when a method's tier changes);
    // what a call allocates, it allocates every time.
    private const int Attempts = 5;

    /// <summary>The bytes that <paramref name="calls"/> calls allocate on this thread, after as many to warm up: the least of a few attempts.</summary>
    public static long Of(Action call, int calls = 1000)
    {
        ArgumentNullException.ThrowIfNull(call);
        var least = long.MaxValue;
        for (var attempt = 0; attempt <= Attempts && least > 0; attempt++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            for (var number = 0; number < calls; number++) call();
            if (attempt > 0) least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }

        return least;
    }
}
