using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary>
/// <c>PATCH /api/payments/subscription</c>: another plan, or an end with the period; <c>POST /api/payments/subscription/preview</c>: what another plan would
/// cost. A dearer plan begins at once and is paid at once for the rest of the period, or it does not begin; a cheaper one leaves credit.
/// </summary>
internal static class ChangeSubscription
{
    private static readonly Problem NoSubscription =
        new(StatusCodes.Status409Conflict, "no_subscription", "You have no plan that could be changed.")
        {
            Hint = "Buy one with POST /api/payments/checkout.",
        };

    private static readonly Problem Overdue =
        new(StatusCodes.Status409Conflict, "payment_overdue", "Your plan is not paid: that comes first.")
        {
            Hint = "POST /api/payments/portal leads to the page where it is paid.",
        };

    /// <summary>One of the two.</summary>
    /// <param name="PriceId">Another price of a plan, in the same currency.</param>
    /// <param name="CancelAtPeriodEnd">Whether it ends with what is paid for; false takes that back.</param>
    public sealed record Request(string? PriceId, bool? CancelAtPeriodEnd);

    /// <param name="PriceId">Another price of a plan, in the same currency.</param>
    public sealed record PreviewRequest([property: Required] string? PriceId);

    /// <param name="Currency">ISO 4217, lower case.</param>
    /// <param name="DueNow">In the currency's smallest unit; below zero where credit would be left.</param>
    public sealed record PreviewResponse(string Currency, long DueNow);

    public static void Map(RouteGroupBuilder payments)
    {
        payments.MapPatch("/subscription", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("changeSubscription", "Change to another plan, or end it with the period", "A dearer plan begins at once and is paid at once for the rest of the period; a cheaper one leaves credit.")
            .Answers<GetAccount.Response>().RefusesFields().Refuses(NoSubscription, Overdue);
        payments.MapPost("/subscription/preview", PreviewAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("previewSubscription", "What another plan would cost now")
            .Answers<PreviewResponse>().RefusesFields().Refuses(NoSubscription, Overdue);
    }

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        ClaimsPrincipal principal,
        BillingDatabase database,
        Customers customers,
        PurchaseRecords records,
        IPayments payments,
        BillingOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        switch (body.Value)
        {
            case { PriceId: { } price, CancelAtPeriodEnd: null }:
                var (change, wrong) = await PlanAsync(price, user, database, customers, records, options, time, cancellationToken);
                if (wrong is not null) return wrong;
                await payments.ChangePlanAsync(change!, cancellationToken);
                break;
            case { PriceId: null, CancelAtPeriodEnd: { } isCancelled }:
                await records.ReadAsync(user, cancellationToken);
                var current = await GetAccount.FindAsync(database, user, options, time.GetUtcNow().UtcDateTime, cancellationToken);
                if (current is null || SubscriptionStatus.IsOver(current.Status)) return NoSubscription;
                await payments.SetCancelAtPeriodEndAsync(current.Id, isCancelled, cancellationToken);
                break;
            default:
                return FieldErrors.One("priceId", "Either priceId or cancelAtPeriodEnd.");
        }

        // What was done there stands in our record before the answer does; its webhooks will find nothing new.
        await records.ReadAsync(user, cancellationToken);
        return await GetAccount.AnswerAsync(database, user, options, time.GetUtcNow().UtcDateTime, cancellationToken);
    }

    private static async Task<IResult> PreviewAsync(
        JsonBody<PreviewRequest> body,
        ClaimsPrincipal principal,
        BillingDatabase database,
        Customers customers,
        PurchaseRecords records,
        IPayments payments,
        BillingOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var (change, wrong) = await PlanAsync(body.Value.PriceId, user, database, customers, records, options, time, cancellationToken);
        if (wrong is not null) return wrong;
        var cost = await payments.PreviewChangeAsync(change!, cancellationToken);
        return TypedResults.Json(new PreviewResponse(cost.Currency, cost.DueNow), ControlPlaneJson.Default.PreviewChangeResponse);
    }

    private static async Task<(PlanChange? Change, Problem? Wrong)> PlanAsync(
        string? priceId,
        Guid user,
        BillingDatabase database,
        Customers customers,
        PurchaseRecords records,
        BillingOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (priceId is null or { Length: 0 or > 255 }) return (null, FieldErrors.One("priceId", "One of GET /api/payments/plans."));
        await records.ReadAsync(user, cancellationToken);
        var current = await GetAccount.FindAsync(database, user, options, time.GetUtcNow().UtcDateTime, cancellationToken);
        if (current is { Status: SubscriptionStatus.PastDue or SubscriptionStatus.Unpaid }) return (null, Overdue);
        if (current is not { Status: SubscriptionStatus.Active or SubscriptionStatus.Trialing }
            || await customers.FindAsync(user, cancellationToken) is not { } customer)
            return (null, NoSubscription);

        await using var connection = await database.OpenAsync(cancellationToken);
        var prices = (await connection.QueryAsync<PriceRow>(new CommandDefinition(
            """
            SELECT r.id AS Id, r.currency AS Currency, r.amount AS Amount, r.interval AS Interval, r.interval_count AS IntervalCount,
                   r.is_active AND p.is_active AND p.kind = 'plan' AS IsOnSale
            FROM prices r JOIN products p ON p.id = r.product_id WHERE r.id IN (@old, @priceId)
            """,
            new { old = current.PriceId, priceId },
            cancellationToken: cancellationToken))).ToDictionary(row => row.Id);
        if (!prices.TryGetValue(priceId, out var wanted) || !wanted.IsOnSale)
            return (null, FieldErrors.One("priceId", "A price that is on sale: one of GET /api/payments/plans."));
        if (priceId == current.PriceId) return (null, FieldErrors.One("priceId", "Another price than the one that you have."));
        prices.TryGetValue(current.PriceId, out var had);
        if (had is not null && had.Currency != wanted.Currency) return (null, FieldErrors.One("priceId", $"A price in {had.Currency}, as the one that you have."));
        return (new PlanChange(customer, current.Id, current.ItemId, priceId, IsUpgrade: had is null || wanted.AmountOfADay > had.AmountOfADay), null);
    }

    private sealed class PriceRow
    {
        public required string Id { get; init; }
        public required string Currency { get; init; }
        public required long Amount { get; init; }
        public string? Interval { get; init; }
        public int? IntervalCount { get; init; }
        public required bool IsOnSale { get; init; }

        /// <summary>To tell the dearer of two that are paid at different times.</summary>
        public double AmountOfADay => Amount / ((IntervalCount ?? 1) * Interval switch { "day" => 1, "week" => 7, "year" => 365.25, _ => 365.25 / 12 });
    }
}
