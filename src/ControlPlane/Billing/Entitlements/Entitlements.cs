using Dapper;
using Movento.Contracts;

namespace Movento.ControlPlane.Billing;

/// <summary>What other areas may ask of billing: may this user play this film, until when, and on how many screens? Answered from our own record alone.</summary>
internal sealed class Entitlements(BillingDatabase database, BillingOptions options, TimeProvider time)
{
    /// <summary>Whether anything must be paid for here.</summary>
    public bool IsOn => options.IsOn;

    /// <param name="user">Who wants to play.</param>
    /// <param name="asset">The film.</param>
    public async Task<Entitlement> OfAsync(Guid user, AssetId asset, CancellationToken cancellationToken)
    {
        if (!options.IsOn) return Entitlement.Everything;
        var now = time.GetUtcNow().UtcDateTime;

        await using var connection = await database.OpenAsync(cancellationToken);
        await using var read = await connection.QueryMultipleAsync(new CommandDefinition(
            $"""
            SELECT access AS Access, rental_code AS RentalCode FROM films WHERE asset_id = @asset;
            SELECT {SubscriptionRow.Columns} FROM subscriptions s JOIN products p ON p.id = s.product_id AND p.kind = '{OfferKind.Plan}' WHERE s.user_id = @user;
            SELECT r.expires_at AS ExpiresAt, coalesce(p.max_height, 0) AS MaxHeight
            FROM rentals r LEFT JOIN products p ON p.id = r.product_id
            WHERE r.user_id = @user AND r.asset_id = @asset AND NOT r.is_refunded ORDER BY r.expires_at DESC LIMIT 1
            """,
            new { user, asset = asset.Value },
            cancellationToken: cancellationToken));
        var film = await read.ReadSingleOrDefaultAsync<FilmRow>() ?? FilmRow.InEveryPlan;
        var subscriptions = (await read.ReadAsync<SubscriptionRow>()).AsList();
        var rental = await read.ReadSingleOrDefaultAsync<RentalRow>();
        return Decide(film, subscriptions, rental, now, options);
    }

    /// <summary>The decision, from what the tables hold.</summary>
    public static Entitlement Decide(FilmRow film, IReadOnlyList<SubscriptionRow> subscriptions, RentalRow? rental, DateTime now, BillingOptions options)
    {
        SubscriptionRow? plan = null;
        DateTime planUntil = default;
        foreach (var one in subscriptions)
        {
            if (one.PlaysUntil(options) is not { } until || until <= now) continue;
            // Of several the one that gives the most.
            if (plan is not null && (one.Streams, Lines(one.MaxHeight), until).CompareTo((plan.Streams, Lines(plan.MaxHeight), planUntil)) <= 0) continue;
            (plan, planUntil) = (one, until);
        }

        var streams = plan?.Streams ?? options.StreamsWithoutPlan;
        if (film.Access == FilmAccess.Free) return new Entitlement(EntitlementOutcome.Entitled, DateTimeOffset.MaxValue, streams, (ushort)(plan?.MaxHeight ?? 0));
        if (film.Access != FilmAccess.Rental && plan is not null)
            return new Entitlement(EntitlementOutcome.Entitled, new DateTimeOffset(planUntil, TimeSpan.Zero), streams, (ushort)plan.MaxHeight);
        if (rental is not null && rental.ExpiresAt > now)
            return new Entitlement(EntitlementOutcome.Entitled, new DateTimeOffset(rental.ExpiresAt, TimeSpan.Zero), streams, (ushort)rental.MaxHeight);

        var outcome = (film.Access, rental) switch
        {
            (FilmAccess.Rental, null) => EntitlementOutcome.NotRented,
            (FilmAccess.Rental, _) => EntitlementOutcome.RentalEnded,
            _ when subscriptions.Any(one => one.Status is SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid) => EntitlementOutcome.PaymentOverdue,
            _ when subscriptions.Any(one => one.Status is not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired)) => EntitlementOutcome.PlanEnded,
            _ => EntitlementOutcome.NoPlan,
        };
        return new Entitlement(outcome, DateTimeOffset.MinValue, streams, 0, film.RentalCode);
    }

    private static int Lines(int maxHeight) => maxHeight == 0 ? int.MaxValue : maxHeight;

    /// <summary>How a film is sold.</summary>
    internal sealed record FilmRow(string Access, string? RentalCode)
    {
        /// <summary>What is so of a film about which nothing was said.</summary>
        public static FilmRow InEveryPlan { get; } = new(FilmAccess.Plan, null);
    }

    /// <summary>The rental of a film that lasts longest.</summary>
    internal sealed record RentalRow(DateTime ExpiresAt, int MaxHeight);
}
