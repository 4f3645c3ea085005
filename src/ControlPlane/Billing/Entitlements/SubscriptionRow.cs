namespace Movento.ControlPlane.Billing;

/// <summary>A subscription to a plan, as the tables <c>subscriptions</c> and <c>products</c> hold it.</summary>
internal sealed class SubscriptionRow
{
    /// <summary>The columns of this row, for a SELECT from <c>subscriptions s JOIN products p</c>.</summary>
    public const string Columns =
        """
        s.id AS Id, s.item_id AS ItemId, s.price_id AS PriceId, s.status AS Status, s.created_at AS CreatedAt, s.period_end AS PeriodEnd,
        s.trial_end AS TrialEnd, s.cancel_at AS CancelAt, s.cancel_at_period_end AS CancelAtPeriodEnd, s.ended_at AS EndedAt,
        s.unpaid_since AS UnpaidSince, p.code AS PlanCode, p.name AS PlanName, p.streams AS Streams, p.max_height AS MaxHeight
        """;

    public required string Id { get; init; }
    public required string ItemId { get; init; }
    public required string PriceId { get; init; }
    public required string Status { get; init; }
    public required DateTime CreatedAt { get; init; }
    public required DateTime PeriodEnd { get; init; }
    public DateTime? TrialEnd { get; init; }
    public DateTime? CancelAt { get; init; }
    public required bool CancelAtPeriodEnd { get; init; }
    public DateTime? EndedAt { get; init; }
    public DateTime? UnpaidSince { get; init; }
    public required string PlanCode { get; init; }
    public required string PlanName { get; init; }
    public required int Streams { get; init; }
    public required int MaxHeight { get; init; }

    /// <summary>When it ends though it was not ended at once; null where it renews.</summary>
    public DateTime? EndsAt => CancelAt ?? (CancelAtPeriodEnd ? PeriodEnd : null);

    /// <summary>
    /// Until when it lets its user play; null where it does not. Of one that renews, some time longer than it is paid for: whether it was renewed is only known
    /// after its period. Of one that is past due, for the grace from its oldest open invoice on.
    /// </summary>
    public DateTime? PlaysUntil(BillingOptions options)
    {
        DateTime until;
        switch (Status)
        {
            case SubscriptionStatus.Active or SubscriptionStatus.Trialing:
                until = PeriodEnd + options.RenewalSlack;
                break;
            case SubscriptionStatus.PastDue:
                until = (UnpaidSince ?? PeriodEnd) + options.Grace;
                break;
            default:
                return null;
        }

        return EndsAt < until ? EndsAt : until;
    }
}
