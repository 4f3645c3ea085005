using Dapper;
using MassTransit;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace Movento.Ingest.Announcements;

/// <summary>
/// Sends every announcement that is kept, at once when one is added and again, ever more rarely, until the catalogue has said that it
/// recorded it. Any number of processes may send; a row is sent by one of them at a time.
/// </summary>
internal sealed partial class AnnouncementSender(
    IngestDatabase database, IBus bus, AnnouncementSignal signal, IngestOptions options, TimeProvider time, ILogger<AnnouncementSender> logger)
    : BackgroundService
{
    private const int Batch = 100;
    private static readonly TimeSpan SendLimit = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await SendDueAsync(stoppingToken) == Batch)
                {
                }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.CannotSend(logger, exception);
            }
            await signal.WaitAsync(options.PollInterval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task<int> SendDueAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        // The next time is set before the sending: a sender that dies in between has only made it later. 2 s, 4 s, … 256 s.
        var due = (await connection.QueryAsync<Announcement>(new CommandDefinition(
            """
            update announcements set sent = sent + 1, next_at = now() + make_interval(secs => power(2, least(sent + 1, 8)))
            where (asset_id, kind, version) in (
              select asset_id, kind, version from announcements where next_at <= now() order by next_at limit @Batch for update skip locked)
            returning asset_id as "AssetId", kind as "Kind", version as "Version", body::text as "Body"
            """,
            new { Batch }, cancellationToken: cancellationToken))).AsList();
        var sent = 0;
        try
        {
            for (; sent < due.Count; sent++)
            {
                using var limit = new CancellationTokenSource(SendLimit, time);
                using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
                var message = due[sent].Message();
                await bus.Publish(message, message.GetType(), either.Token);
            }
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            await GiveBackAsync(connection, due[sent..], cancellationToken);
            throw;
        }
        return sent;
    }

    // What the broker has not taken was not sent: it is due soon, however often that has happened, and not minutes after the broker is back.
    private static Task<int> GiveBackAsync(NpgsqlConnection connection, List<Announcement> unsent, CancellationToken cancellationToken) =>
        connection.ExecuteAsync(new CommandDefinition(
            """
            update announcements a set sent = sent - 1, next_at = now() + interval '2 seconds'
            from unnest(@assets, @kinds, @versions) as u (asset_id, kind, version)
            where (a.asset_id, a.kind, a.version) = (u.asset_id, u.kind, u.version) and a.sent > 0
            """,
            new
            {
                assets = unsent.Select(one => one.AssetId).ToArray(), kinds = unsent.Select(one => one.Kind).ToArray(), versions = unsent.Select(one => one.Version).ToArray(),
            },
            cancellationToken: cancellationToken));

    private static partial class Log
    {
        [LoggerMessage(3401, LogLevel.Warning, "Announcements could not be sent; they are kept and sent again")]
        public static partial void CannotSend(ILogger logger, Exception exception);
    }
}
