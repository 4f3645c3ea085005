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
/// <c>GET /api/payments/account</c>: the plan that its owner has, as our record says; <c>POST /api/payments/account/refresh</c>: the same, after it was read
/// again from the provider, for whoever comes back from the provider's page before its webhook did.
/// </summary>
internal static class GetAccount
{
    /// <summary>What was read so recently is not read again.</summary>
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(3);

    /// <param name="Plan">The plan that plays now; null for none.</param>
    /// <param name="Subscription">What it comes from, or the newest one that is over; null for none ever.</param>
    public sealed record Response(CurrentPlan? Plan, CurrentSubscription? Subscription);

    /// <param name="Code">Names it.</param>
    /// <param name="Streams">At the same time.</param>
    /// <param name="MaxHeight">Of renditions, in lines; null for any.</param>
    /// <param name="PlaysUntil">From when it does not, if nothing is paid before.</param>
    public sealed record CurrentPlan(string Code, string Name, int Streams, int? MaxHeight, DateTime PlaysUntil);

    /// <param name="Status"><c>trialing</c>, <c>active</c>, <c>past_due</c>, <c>unpaid</c>, <c>canceled</c>, <c>incomplete</c>, <c>incomplete_expired</c> or <c>paused</c>.</param>
    /// <param name="PlanCode">What it is a subscription to.</param>
    /// <param name="PriceId">At which price.</param>
    /// <param name="PeriodEnd">When what is paid for ends, or its trial.</param>
    /// <param name="TrialEnd">When its trial ends or ended; null for none.</param>
    /// <param name="EndsAt">When it ends though nobody ends it then; null where it renews.</param>
    /// <param name="EndedAt">When it ended.</param>
    /// <param name="UnpaidSince">When the invoice was made that is not paid; null where it is not past due.</param>
    public sealed record CurrentSubscription(
        [property: Words(typeof(SubscriptionStatus))] string Status, string PlanCode, string PriceId, DateTime PeriodEnd, DateTime? TrialEnd, DateTime? EndsAt, DateTime? EndedAt, DateTime? UnpaidSince);

    public static void Map(RouteGroupBuilder payments)
    {
        payments.MapGet("/account", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("getBillingAccount", "The plan that one has")
            .Answers<Response>();
        payments.MapPost("/account/refresh", RefreshAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("refreshBillingAccount", "Read one's plan from the payment provider again", "For whoever comes back from the provider's page before its webhook did.")
            .Answers<Response>();
    }

    /// <summary>The subscription that plays, or else the newest one; null for none.</summary>
    public static async Task<SubscriptionRow?> FindAsync(
        BillingDatabase database, Guid user, BillingOptions options, DateTime now, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var rows = await connection.QueryAsync<SubscriptionRow>(new CommandDefinition(
            $"""
            SELECT {SubscriptionRow.Columns} FROM subscriptions s JOIN products p ON p.id = s.product_id AND p.kind = '{OfferKind.Plan}'
            WHERE s.user_id = @user ORDER BY s.created_at DESC, s.id DESC
            """,
            new { user },
            cancellationToken: cancellationToken));
        return rows.OrderByDescending(row => row.PlaysUntil(options) > now).ThenBy(row => SubscriptionStatus.IsOver(row.Status)).ThenByDescending(row => row.Streams).FirstOrDefault();
    }

    /// <summary>The account as its owner sees it.</summary>
    public static async Task<IResult> AnswerAsync(BillingDatabase database, Guid user, BillingOptions options, DateTime now, CancellationToken cancellationToken)
    {
        var row = await FindAsync(database, user, options, now, cancellationToken);
        var until = row?.PlaysUntil(options);
        return TypedResults.Json(
            new Response(
                until > now ? new CurrentPlan(row!.PlanCode, row.PlanName, row.Streams, row.MaxHeight == 0 ? null : row.MaxHeight, until.Value) : null,
                row is null ? null : new CurrentSubscription(
                    row.Status, row.PlanCode, row.PriceId, row.PeriodEnd, row.TrialEnd, SubscriptionStatus.IsOver(row.Status) ? null : row.EndsAt, row.EndedAt, row.UnpaidSince)),
            ControlPlaneJson.Default.GetAccountResponse);
    }

    private static async Task<IResult> HandleAsync(
        ClaimsPrincipal principal, BillingDatabase database, BillingOptions options, TimeProvider time, CancellationToken cancellationToken) =>
        principal.TryGetUserId(out var user)
            ? await AnswerAsync(database, user, options, time.GetUtcNow().UtcDateTime, cancellationToken)
            : Problem.Unauthenticated;

    private static async Task<IResult> RefreshAsync(
        ClaimsPrincipal principal, BillingDatabase database, PurchaseRecords records, BillingOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        var now = time.GetUtcNow();
        bool isFresh;
        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            isFresh = await connection.QuerySingleAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM customers WHERE user_id = @user AND read_at > @since)", new { user, since = now - Fresh }, cancellationToken: cancellationToken));
        }

        if (!isFresh) await records.ReadAsync(user, cancellationToken);
        return await AnswerAsync(database, user, options, now.UtcDateTime, cancellationToken);
    }
}
