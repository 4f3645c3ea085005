using Movento.Fuzz;

namespace Movento.Packager.Tests;

/// <summary>Every parser on mutated inputs for a second or so; for longer, <c>./movento fuzz</c>.</summary>
public sealed class FuzzTests
{
    // The same inputs in every run, so that a failure is one for everybody.
    private const int Seed = 3;
    private const int Inputs = 4000;
    private static readonly TimeSpan Time = TimeSpan.FromSeconds(2);

    [Fact]
    public async Task MutatedInputs_OfEveryTarget_AreReadOrRefusedByName()
    {
        using var seeds = await Seeds.MakeAsync();
        foreach (var target in FuzzTargets.Of(seeds))
        {
            foreach (var good in target.Seeds)
            {
                var failure = FuzzRun.Try(target, good, out _);
                Assert.True(failure is null, $"{target.Name}, a good input: {failure}");
            }

            var result = FuzzRun.Run(target, Seed, Inputs, Time);
            Assert.True(result.Failure is null, $"{target.Name}, input {result.Failure?.Number} of seed {Seed}: {result.Failure?.Words}");
            Assert.True(result.Accepted + result.Refused > 50, $"{target.Name}: only {result.Accepted + result.Refused} inputs in {Time}");
            Assert.True(result.Accepted > 0, $"{target.Name}: nothing of {result.Refused} inputs is read: the mutations are too wild to get anywhere");
        }
    }

    [Fact]
    public void Promise_Broken_IsFound()
    {
        var hungry = new FuzzTarget("hungry", [[1]], false, _ => GC.KeepAlive(new byte[32 << 20]));
        Assert.Contains("bytes allocated", FuzzRun.Run(hungry, Seed, 1, Time).Failure!.Words, StringComparison.Ordinal);
        var clumsy = new FuzzTarget("clumsy", [[1]], false, input => input[^1] = input[input.Length]);
        Assert.Contains(nameof(IndexOutOfRangeException), FuzzRun.Run(clumsy, Seed, 1, Time).Failure!.Words, StringComparison.Ordinal);
    }
}
