using System.Text.Json;
using System.Text.Json.Serialization;
using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Quality;

/// <summary>Keeps how playbacks went, as sums of a film and a day. Sessions and viewers are not kept.</summary>
public sealed partial class QualityRecords
{
    private readonly QualityDatabase _database;
    private readonly ControlPlaneOptions _options;
    private readonly TimeProvider _time;

    internal QualityRecords(QualityDatabase database, ControlPlaneOptions options, TimeProvider time) => (_database, _options, _time) = (database, options, time);

    /// <summary>Counts the playbacks of a message. The same message again, from whomever and however late within a week, counts nothing.</summary>
    /// <returns>Whether they count now.</returns>
    /// <exception cref="Npgsql.NpgsqlException">The database cannot be reached, or refuses.</exception>
    public async Task<bool> RecordAsync(PlaybacksObserved observed, CancellationToken cancellationToken)
    {
        var now = _time.GetUtcNow();
        var oldest = DateOnly.FromDateTime((now - _options.QualityRetention).UtcDateTime);
        var sums = new Dictionary<(DateOnly, Guid), FilmDaySums>();
        foreach (var playback in observed.Playbacks)
        {
            // An edge's clock may be a little ahead.
            var day = DateOnly.FromDateTime((playback.BeganAt < now ? playback.BeganAt : now).UtcDateTime);
            if (day < oldest) continue;
            if (!sums.TryGetValue((day, playback.AssetId), out var sum))
                sums[(day, playback.AssetId)] = sum = new FilmDaySums { Day = day, AssetId = playback.AssetId };
            sum.Add(playback);
        }

        await using var connection = await _database.OpenAsync(cancellationToken);
        // One statement: the message counts with its sums, or not at all. In order, so that two at once cannot wait for each other.
        return await connection.QuerySingleAsync<bool>(new CommandDefinition(
            """
            WITH message AS (
              INSERT INTO messages (id, received_at) VALUES (@Id, @now) ON CONFLICT (id) DO NOTHING RETURNING id),
            added AS (
              INSERT INTO film_days AS d (
                day, asset_id, playbacks, failed, interrupted, estimated, played_seconds, stalled_seconds, stalls, starts, start_seconds,
                rated_seconds, rated_kilobits, measured, throughput_sum, dropped_frames, errors, bytes)
              SELECT s.* FROM message, jsonb_to_recordset(@sums::jsonb) AS s (
                day date, asset_id uuid, playbacks bigint, failed bigint, interrupted bigint, estimated bigint, played_seconds double precision,
                stalled_seconds double precision, stalls bigint, starts bigint[], start_seconds double precision, rated_seconds double precision,
                rated_kilobits double precision, measured bigint, throughput_sum double precision, dropped_frames bigint, errors bigint, bytes bigint)
              ORDER BY s.day, s.asset_id
              ON CONFLICT (day, asset_id) DO UPDATE SET
                playbacks = d.playbacks + excluded.playbacks, failed = d.failed + excluded.failed,
                interrupted = d.interrupted + excluded.interrupted, estimated = d.estimated + excluded.estimated,
                played_seconds = d.played_seconds + excluded.played_seconds, stalled_seconds = d.stalled_seconds + excluded.stalled_seconds,
                stalls = d.stalls + excluded.stalls,
                starts = ARRAY(SELECT a + b FROM unnest(d.starts, excluded.starts) WITH ORDINALITY AS t (a, b, bin) ORDER BY bin),
                start_seconds = d.start_seconds + excluded.start_seconds,
                rated_seconds = d.rated_seconds + excluded.rated_seconds, rated_kilobits = d.rated_kilobits + excluded.rated_kilobits,
                measured = d.measured + excluded.measured, throughput_sum = d.throughput_sum + excluded.throughput_sum,
                dropped_frames = d.dropped_frames + excluded.dropped_frames, errors = d.errors + excluded.errors, bytes = d.bytes + excluded.bytes)
            SELECT EXISTS (SELECT 1 FROM message)
            """,
            new { observed.Id, now, sums = JsonSerializer.Serialize(sums.Values, SumsJson.Default.IReadOnlyCollectionFilmDaySums) },
            cancellationToken: cancellationToken));
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
    [JsonSerializable(typeof(IReadOnlyCollection<FilmDaySums>))]
    private sealed partial class SumsJson : JsonSerializerContext;
}
