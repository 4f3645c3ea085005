namespace Movento.Harness;

/// <summary>What calling something again and again allocates.</summary>
public static class Allocations
{
    // Once in a while the runtime, or a thread of somebody else's, allocates for itself (measured on a busy machine: 0.8 to 32 KB when a method's tier
    // changes or a pool is trimmed); what a call allocates, it allocates every time.
    private const int Attempts = 5;

    // No object of .NET is smaller than 24 bytes: less than that a call is what else the process does meanwhile.
    private const int SmallestObject = 24;

    /// <summary>The bytes that <paramref name="calls"/> calls allocate on this thread, after as many to warm up: the least of a few attempts.</summary>
    public static long Of(Action call, int calls = 1000) => LeastOf(call, calls, enough: 0, GC.GetAllocatedBytesForCurrentThread);

    /// <summary>The bytes a call allocates on whatever thread of the process, measured likewise; 0 where that is less than one object in each.</summary>
    public static long OfAllThreads(Action call, int calls)
    {
        var enough = SmallestObject * calls - 1;
        var least = LeastOf(call, calls, enough, static () => GC.GetTotalAllocatedBytes(precise: true));
        return least <= enough ? 0 : least / calls;
    }

    private static long LeastOf(Action call, int calls, long enough, Func<long> allocated)
    {
        ArgumentNullException.ThrowIfNull(call);
        var least = long.MaxValue;
        for (var attempt = 0; attempt <= Attempts && least > enough; attempt++)
        {
            var before = allocated();
            for (var number = 0; number < calls; number++) call();
            if (attempt > 0) least = Math.Min(least, allocated() - before);
        }

        return least;
    }
}
