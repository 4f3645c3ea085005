using System.Threading.Channels;
using Dapper;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.ControlPlane.Recommendations.Experiments;

/// <summary>Writes down what was shown, beside the requests and a few at a time. Where it cannot keep up, or the database is away, some are lost: they are figures.</summary>
internal sealed partial class ShownRecords(RecommendationsDatabase database, ILogger<ShownRecords> logger) : BackgroundService
{
    private const int Waiting = 4_000;
    private const int AtOnce = 500;

    private readonly Channel<ShownRow> _rows = Channel.CreateBounded<ShownRow>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });

    public void Add(ShownRow row) => _rows.Writer.TryWrite(row);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (await _rows.Reader.WaitToReadAsync(stoppingToken))
            {
                var batch = new List<ShownRow>();
                while (batch.Count < AtOnce && _rows.Reader.TryRead(out var row)) batch.Add(row);
                try
                {
                    await WriteAsync(batch, stoppingToken);
                }
                catch (NpgsqlException error)
                {
                    Log.Lost(logger, error, batch.Count);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task WriteAsync(IReadOnlyList<ShownRow> rows, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await connection.ExecuteAsync(new CommandDefinition(
            "INSERT INTO shown (id, account_id, viewer_id, shown_at, kind, variant, model_id, films) VALUES (@Id, @AccountId, @ViewerId, @ShownAt, @Kind, @Variant, @ModelId, @Films)",
            rows,
            cancellationToken: cancellationToken));
    }

    private static partial class Log
    {
        [LoggerMessage(3055, LogLevel.Warning, "{Count} rows that were shown could not be written down")]
        public static partial void Lost(ILogger logger, Exception exception, int count);
    }
}
