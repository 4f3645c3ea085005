using System.Globalization;
using Movento.Load;
using Movento.Load.Contest;
using Movento.Load.Delivery;

// movento bench NAME [--rounds N] [--only PART …] [FILE …]; without NAME, the list of comparisons.
if (args.Length == 0)
{
    foreach (var known in Comparisons.All)
        Console.WriteLine($"{known.Name,-12} {known.What}\n{"",-12} needs {known.Needs}");
    return 0;
}

// One of the edge's peers is this executable.
if (args is [PlainKestrel.Command, var files, var url])
{
    await PlainKestrel.ServeAsync(files, url);
    return 0;
}

if (Comparisons.All.FirstOrDefault(known => known.Name == args[0]) is not { } comparison)
    return Refuse($"There is no comparison '{args[0]}'; there are {string.Join(", ", Comparisons.All.Select(known => known.Name))}, and micro.");

var settings = new ComparisonSettings();
for (var i = 1; i < args.Length; i++)
{
    if (args[i] == "--rounds")
    {
        if (++i == args.Length || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out var rounds) || rounds is < 1 or > 1000)
            return Refuse("--rounds takes a number from 1 to 1000.");
        settings = settings with { AskedRounds = rounds };
    }
    else if (args[i] == "--only")
    {
        if (++i == args.Length || !comparison.Parts.Contains(args[i]))
            return Refuse(comparison.Parts.Count == 0 ? $"{comparison.Name} has no parts." : $"--only takes one of: {string.Join(", ", comparison.Parts)}.");
        settings = settings with { Only = [.. settings.Only, args[i]] };
    }
    else if (File.Exists(args[i]))
    {
        settings = settings with { Inputs = [.. settings.Inputs, Path.GetFullPath(args[i])] };
    }
    else
    {
        return Refuse($"There is no file '{args[i]}'.");
    }
}

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, interrupt) =>
{
    interrupt.Cancel = true;
    stop.Cancel();
};
try
{
    var results = await comparison.RunAsync(settings, stop.Token);
    Console.WriteLine(ComparisonJson.Line(comparison.Name, results));
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

static int Refuse(string sentence)
{
    Console.Error.WriteLine(sentence);
    return 2;
}
