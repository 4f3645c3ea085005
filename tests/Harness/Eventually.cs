using System.Diagnostics;

namespace Movento.Harness;

/// <summary>Waits for what other threads and processes bring about.</summary>
public static class Eventually
{
    /// <summary>Long enough for a machine that does ten other things; a passing test never waits it out.</summary>
    public static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(3);

    // What has waited long is asked less often: forty questions a second about a film of half a minute took a tenth of a core from its encoders.
    private static readonly TimeSpan ShortestPause = TimeSpan.FromMilliseconds(10);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(150);

    /// <summary>Asks again and again until <paramref name="probe"/> yields something, and returns it.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public static async Task<T> GetAsync<T>(Func<Task<T?>> probe, string what, TimeSpan? limit = null)
        where T : class
    {
        var watch = Stopwatch.StartNew();
        var pause = ShortestPause;
        while (watch.Elapsed < (limit ?? DefaultLimit))
        {
            if (await probe() is { } result) return result;
            await Task.Delay(pause);
            pause = pause * 1.25 < LongestPause ? pause * 1.25 : LongestPause;
        }

        throw new TimeoutException($"Still not so after {watch.Elapsed.TotalSeconds:0} s: {what}.");
    }

    /// <summary>Asks again and again until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public static Task TrueAsync(Func<Task<bool>> condition, string what, TimeSpan? limit = null) =>
        GetAsync(async () => await condition() ? "true" : null, what, limit);

    /// <summary>Asks again and again until <paramref name="condition"/> holds.</summary>
    /// <exception cref="TimeoutException">It did not within <paramref name="limit"/>.</exception>
    public static Task TrueAsync(Func<bool> condition, string what, TimeSpan? limit = null) =>
        TrueAsync(() => Task.FromResult(condition()), what, limit);
}
