using BenchmarkDotNet.Running;
using Movento.Benchmarks;

// [FILTER] is a glob, or a part of the name; everything from the first '-' on is BenchmarkDotNet's own.
var own = args.TakeWhile(argument => !argument.StartsWith('-')).ToArray();
if (own.Length > 1)
{
    Console.Error.WriteLine("usage: movento bench micro [FILTER] [BenchmarkDotNet's options]");
    return 2;
}

var filter = own is [var part] ? (part.Contains('*', StringComparison.Ordinal) ? part : $"*{part}*") : "*";
string[] options =
[
    .. args.Contains("--filter") ? args : ["--filter", filter, .. args[own.Length..]],
    .. MicroConfig.NamesAJob(args) ? ["--inProcess"] : Array.Empty<string>(),
];

Console.WriteLine($"Movento.Benchmarks {string.Join(' ', options)}");
var summaries = BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(options, MicroConfig.For(options)).ToArray();
if (options.Contains("--list"))
    return 0;

Console.WriteLine(MicroResult.ToJsonLine(summaries));
return MicroResult.IsWhole(summaries) ? 0 : 1;
