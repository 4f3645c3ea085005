using System.Diagnostics;
using Dapper;
using Microsoft.Extensions.Logging;
using Movento.ControlPlane.Recommendations.Fitting;
using Npgsql;

namespace Movento.ControlPlane.Recommendations.Refit;

/// <summary>
/// Brings the newest model to this process, whoever fitted it, and fits a new one when it is time: one process at a time, beside the requests. What is older
/// than it is kept goes, too. A fit that fails leaves the model that there is.
/// </summary>
internal sealed partial class RefitWork(
    RecommendationsDatabase database, ModelStore models, CurrentModel current, ControlPlaneOptions options, TimeProvider time, ILogger<RefitWork> logger)
    : PeriodicWork(RefitWork.Interval, time, startsAtOnce: true)
{
    // "RefitW": nobody else of the database locks by it.
    private const long Turn = 0x5265_6669_7457;

    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    private DateTimeOffset _notBefore = DateTimeOffset.MinValue;

    private RecommendationsOptions Options => options.Recommendations;

    /// <summary>Takes in the newest model that there is.</summary>
    /// <returns>Whether it is another one now.</returns>
    public async Task<bool> TakeInAsync(CancellationToken cancellationToken) => await TakeInAsync(await models.FindLatestAsync(cancellationToken), cancellationToken);

    /// <summary>Fits a model of what was watched until now, if nobody else does.</summary>
    /// <returns>Whether there is one.</returns>
    public async Task<bool> RefitAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        if (!await connection.QuerySingleAsync<bool>(new CommandDefinition("SELECT pg_try_advisory_lock(@Turn)", new { Turn }, cancellationToken: cancellationToken))) return false;
        try
        {
            var began = Stopwatch.GetTimestamp();
            var sample = await ViewingSample.ReadAsync(database, Options, Time.GetUtcNow(), cancellationToken);
            var viewers = sample.Viewings.Histories.Count;
            if (viewers < Options.LeastViewers)
            {
                Log.TooFew(logger, viewers, Options.LeastViewers);
                return false;
            }

            // A thread of its own, below the requests.
            var model = await Task.Factory.StartNew(
                () =>
                {
                    Thread.CurrentThread.Priority = ThreadPriority.BelowNormal;
                    return ModelFit.Fit(sample.Films, sample.Viewings, new FitSettings(), LinearSystem.Best, cancellationToken);
                },
                cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);
            current.Value = await models.WriteAsync(model, viewers, cancellationToken);
            Log.Fitted(logger, current.Value.Id, sample.Films.Length, viewers, Stopwatch.GetElapsedTime(began).TotalSeconds, LinearSystem.Best.Name);
            return true;
        }
        finally
        {
            await connection.ExecuteAsync("SELECT pg_advisory_unlock(@Turn)", new { Turn });
        }
    }

    /// <summary>Removes what is older than it is kept, a bounded number of rows at a time.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var oldest = Time.GetUtcNow() - Options.Retention;
        await using var connection = await database.OpenAsync(cancellationToken);
        return await ExpiredRows.RemoveAsync(connection, "views", "viewer_id, film_id", "seen_at < @oldest", new { oldest }, cancellationToken)
            + await ExpiredRows.RemoveAsync(connection, "shown", "id", "shown_at < @oldest", new { oldest }, cancellationToken);
    }

    protected override async Task WorkAsync(CancellationToken cancellationToken)
    {
        try
        {
            var latest = await models.FindLatestAsync(cancellationToken);
            await TakeInAsync(latest, cancellationToken);
            await SweepAsync(cancellationToken);
            var now = Time.GetUtcNow();
            if (now < _notBefore) return;
            if (latest is not null && now - new DateTimeOffset(latest.FittedAt) < Options.RefitInterval) return;
            // Whether there is a model then or not: what failed, or had too little to go by, is not tried every minute.
            _notBefore = now + Min(Options.RefitInterval, TimeSpan.FromMinutes(15));
            await RefitAsync(cancellationToken);
        }
        catch (Exception error) when (error is not NpgsqlException and not OperationCanceledException)
        {
            // The object store, or a matrix: the model that there is goes on.
            Log.Failed(logger, error);
        }
    }

    protected override void Failed(NpgsqlException error) => Log.Failed(logger, error);

    private async Task<bool> TakeInAsync(ModelStore.Row? latest, CancellationToken cancellationToken)
    {
        if (latest is null || latest.Id == current.Value?.Id) return false;
        current.Value = await models.ReadAsync(latest, cancellationToken);
        Log.TakenIn(logger, latest.Id, current.Value.Model.Films.Length);
        return true;
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static partial class Log
    {
        [LoggerMessage(3051, LogLevel.Information, "Model {Id} was fitted: {Films} films, {Viewers} viewers, {Seconds:0.0} s with {System}")]
        public static partial void Fitted(ILogger logger, long id, int films, int viewers, double seconds, string system);

        [LoggerMessage(3052, LogLevel.Information, "Model {Id} of {Films} films recommends from now on")]
        public static partial void TakenIn(ILogger logger, long id, int films);

        [LoggerMessage(3053, LogLevel.Debug, "No model is fitted: {Viewers} people have watched two films, {Least} are needed")]
        public static partial void TooFew(ILogger logger, int viewers, int least);

        [LoggerMessage(3054, LogLevel.Warning, "The model of the recommendations could not be renewed; the one before goes on")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
