using System.Globalization;
using Movento.Fuzz;
using Movento.Harness;

// ./movento fuzz [TARGET …] [--inputs N] [--minutes M] [--seed S]: every target in turn, each with its share of the inputs.
var (inputs, minutes, seed) = (10_000_000L, 60.0, Environment.TickCount);
var wanted = new List<string>();
for (var index = 0; index < args.Length; index++)
{
    switch (args[index])
    {
        case "--inputs": inputs = long.Parse(args[++index], CultureInfo.InvariantCulture); break;
        case "--minutes": minutes = double.Parse(args[++index], CultureInfo.InvariantCulture); break;
        case "--seed": seed = int.Parse(args[++index], CultureInfo.InvariantCulture); break;
        default: wanted.Add(args[index]); break;
    }
}

using var seeds = await Seeds.MakeAsync();
var targets = FuzzTargets.Of(seeds).Where(target => wanted.Count == 0 || wanted.Contains(target.Name)).ToArray();
if (targets.Length == 0)
{
    Console.Error.WriteLine($"There is no such target. There are: {string.Join(", ", FuzzTargets.Of(seeds).Select(target => target.Name))}");
    return 2;
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
var (total, failed) = (0L, 0);
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"seed {seed}, at most {inputs} inputs and {minutes} minutes over {targets.Length} targets"));
await Parallel.ForEachAsync(targets, new ParallelOptions { MaxDegreeOfParallelism = Environment.ProcessorCount }, (target, _) =>
{
    var result = FuzzRun.Run(target, seed, inputs / targets.Length, TimeSpan.FromMinutes(minutes) * Environment.ProcessorCount / targets.Length, stop.Token);
    Interlocked.Add(ref total, result.Accepted + result.Refused);
    lock (targets)
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{target.Name,-20} {result.Accepted,10} read {result.Refused,10} refused"));
    if (result.Failure is { } failure)
    {
        Interlocked.Increment(ref failed);
        var path = Repository.Combine("artifacts", "fuzz", string.Create(CultureInfo.InvariantCulture, $"{target.Name}-{failure.Seed}-{failure.Number}"));
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, failure.Input);
        lock (targets)
            Console.WriteLine($"FAILED {target.Name}: {failure.Words}\nthe input is {path}");
    }

    return ValueTask.CompletedTask;
});
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{total} inputs, {failed} failures"));
return failed == 0 ? 0 : 1;
