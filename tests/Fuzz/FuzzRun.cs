using System.Diagnostics;
using Movento.Packager;

namespace Movento.Fuzz;

/// <summary>Feeds mutated inputs to a target and holds it to the promise: refused by name, at once, and in little memory.</summary>
public static class FuzzRun
{
    /// <summary>A run may last so long; one that lasts longer is tried again, as the machine may have been busy elsewhere.</summary>
    public static readonly TimeSpan MaxTime = TimeSpan.FromSeconds(1);

    private const int Attempts = 3;

    /// <summary>Bytes that a run may allocate: so much, and four times its input.</summary>
    public static long MaxAllocation(int inputSize) => (16L << 20) + 4L * inputSize;

    /// <summary>Runs inputs of one target.</summary>
    /// <param name="target">The target.</param>
    /// <param name="seed">Of the random numbers: the same one, the same inputs.</param>
    /// <param name="count">At most so many inputs.</param>
    /// <param name="time">And for about so long.</param>
    /// <param name="cancellationToken">Ends the run.</param>
    /// <returns>What happened; the first failure ends the run.</returns>
    public static FuzzResult Run(FuzzTarget target, int seed, long count, TimeSpan time, CancellationToken cancellationToken = default)
    {
        var mutator = new Mutator(target.Seeds, target.IsText);
        var clock = Stopwatch.StartNew();
        var (accepted, refused) = (0L, 0L);
        for (var number = 0L; number < count && clock.Elapsed < time && !cancellationToken.IsCancellationRequested; number++)
        {
            // Every input has random numbers of its own, so that one can be made again without those before it.
            var input = mutator.Next(new Random(HashCode.Combine(seed, number)));
            var failure = Try(target, input, out var isAccepted);
            if (failure is not null)
                return new FuzzResult(target.Name, accepted, refused, new FuzzFailure(seed, number, input, failure));
            if (isAccepted)
                accepted++;
            else
                refused++;
        }

        return new FuzzResult(target.Name, accepted, refused, null);
    }

    /// <summary>Runs one input.</summary>
    /// <returns>Null where the target kept the promise, else how it broke it.</returns>
    public static string? Try(FuzzTarget target, byte[] input, out bool isAccepted)
    {
        isAccepted = false;
        for (var attempt = 1; ; attempt++)
        {
            var started = Stopwatch.GetTimestamp();
            var before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                target.Run(input);
                isAccepted = true;
            }
            catch (MediaFormatException error)
            {
                if (!Enum.IsDefined(error.Error) || error.Path is null || error.Offset < 0)
                    return $"an error without a name, a path or an offset: {error}";
            }
            catch (Exception error)
            {
                return error.ToString();
            }

            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            if (allocated > MaxAllocation(input.Length))
                return $"{allocated} bytes allocated for {input.Length}; {MaxAllocation(input.Length)} are allowed";
            var elapsed = Stopwatch.GetElapsedTime(started);
            if (elapsed <= MaxTime)
                return null;
            if (attempt == Attempts)
                return $"{elapsed.TotalSeconds:0.0} s, {Attempts} times; {MaxTime.TotalSeconds:0.0} s are allowed";
        }
    }
}

/// <summary>How a run ended.</summary>
/// <param name="Target">The name of the target.</param>
/// <param name="Accepted">Inputs that were read.</param>
/// <param name="Refused">Inputs that were refused by name.</param>
/// <param name="Failure">The first broken promise, or null.</param>
public sealed record FuzzResult(string Target, long Accepted, long Refused, FuzzFailure? Failure);

/// <summary>An input with which a target broke its promise.</summary>
/// <param name="Seed">Of the random numbers.</param>
/// <param name="Number">Of the input.</param>
/// <param name="Input">The bytes.</param>
/// <param name="Words">What happened.</param>
public sealed record FuzzFailure(int Seed, long Number, byte[] Input, string Words);
