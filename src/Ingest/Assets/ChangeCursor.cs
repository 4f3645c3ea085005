using System.Globalization;
using Dapper;
using Npgsql;

namespace Movento.Ingest.Assets;

/// <summary>
/// A place in the changes of a team's assets: every change that a transaction before <paramref name="Transaction"/> made has been seen.
/// As text <c>{transaction}-{seconds}</c>, an event's id.
/// </summary>
/// <param name="Transaction">The oldest one that had not ended when the place was taken.</param>
/// <param name="TakenAt">When, in seconds since 1970; what was removed is only remembered for a while.</param>
internal readonly record struct ChangeCursor(long Transaction, long TakenAt)
{
    /// <summary>How long it is known which assets were removed.</summary>
    public static readonly TimeSpan Remembered = TimeSpan.FromDays(1);

    // Less than what is remembered, by more than a sweep is late.
    private static readonly TimeSpan Usable = TimeSpan.FromHours(23);

    /// <summary>Now: what is read from here on shows at least every change before it.</summary>
    public static async Task<ChangeCursor> TakeAsync(NpgsqlConnection connection, TimeProvider time, CancellationToken cancellationToken) => new(
        await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            "select pg_snapshot_xmin(pg_current_snapshot())::text::bigint", cancellationToken: cancellationToken)),
        time.GetUtcNow().ToUnixTimeSeconds());

    /// <summary>Reads one that was given out before. False: it is none, or nobody can say any more what happened since.</summary>
    public static bool TryRead(string text, ChangeCursor now, out ChangeCursor cursor)
    {
        cursor = default;
        var dash = text.IndexOf('-');
        if (dash < 0
            || !long.TryParse(text.AsSpan(0, dash), NumberStyles.None, CultureInfo.InvariantCulture, out var transaction)
            || !long.TryParse(text.AsSpan(dash + 1), NumberStyles.None, CultureInfo.InvariantCulture, out var takenAt)) return false;
        cursor = new(transaction, takenAt);
        // A number from the future is another database's: this one was restored from a copy.
        return transaction <= now.Transaction && takenAt <= now.TakenAt && now.TakenAt - takenAt < (long)Usable.TotalSeconds;
    }

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Transaction}-{TakenAt}");
}
