using System.CommandLine;
using System.Globalization;
using Movento.ControlPlane.Recommendations.Evaluation;
using Spectre.Console;

namespace Movento.Commands;

/// <summary><c>movento recommend evaluate</c>: how well the recommendations guess, on a data set that its user has.</summary>
internal static class RecommendCommand
{
    public static Command Create() => new("recommend", "Measure the recommendations.") { CreateEvaluate() };

    private static Command CreateEvaluate()
    {
        var dataset = new Option<string>("--dataset")
        {
            Description = "A folder with u.data (MovieLens 100K), ratings.dat (1M, 10M), ratings.csv (later ones) or sequences.txt (a person and a film a line, in order).",
            Required = true,
        };
        var least = new Option<float>("--least-rating") { Description = "Ratings below say nothing.", DefaultValueFactory = _ => 0 };
        var core = new Option<int>("--core") { Description = "People and films with fewer ratings are left out.", DefaultValueFactory = _ => 1 };
        var command = new Command(
            "evaluate", "Hide the last film of every history and guess it from the ones before, among all films not seen: NDCG@10, Recall@10, Recall@20.") { dataset, least, core };
        command.SetAction((arguments, _) => Task.FromResult(Run(arguments.GetRequiredValue(dataset), arguments.GetValue(least), arguments.GetValue(core))));
        return command;
    }

    private static int Run(string folder, float least, int core)
    {
        using var stop = new StopSignal();
        if (Console.IsOutputRedirected) AnsiConsole.Profile.Width = 200;
        var table = new Table().Border(TableBorder.None).AddColumn("model");
        foreach (var column in (string[])["NDCG@10", "Recall@10", "Recall@20", "fit, s"]) table.AddColumn(new TableColumn(column).RightAligned().NoWrap());
        try
        {
            RecommendationEvaluation.Run(
                folder,
                least,
                core,
                read => AnsiConsole.MarkupLine(string.Create(
                    CultureInfo.InvariantCulture, $"[bold]{Markup.Escape(read.File)}[/]: {read.People:N0} people, {read.Films:N0} films, {read.Viewings:N0} viewings\n")),
                line => table.AddRow(line.Model, Text(line.Ndcg10, "0.0000"), Text(line.Recall10, "0.0000"), Text(line.Recall20, "0.0000"), Text(line.FitSeconds, "0.0")),
                stop.Token);
            AnsiConsole.Write(table);
            return ExitCode.Done;
        }
        catch (DatasetException error)
        {
            Console.Error.WriteLine($"✗ {error.Message}");
            Console.Error.WriteLine("  MovieLens is at https://grouplens.org/datasets/movielens/; its licence does not let us ship it.");
            return ExitCode.Failed;
        }
        catch (OperationCanceledException) when (stop.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("Stopped.");
            return ExitCode.Failed;
        }
    }

    private static string Text(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
