using System.ComponentModel.DataAnnotations;
using System.Security.Claims;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Catalogue;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary><c>POST /api/payments/checkout</c>: a page of the payment provider's, on which a plan is bought or a film is rented.</summary>
internal static class OpenCheckout
{
    /// <summary>For what was paid in the page's last moment.</summary>
    private static readonly TimeSpan AfterClosing = TimeSpan.FromMinutes(10);

    private const int MaxPromotionCodeLength = 100;

    private static readonly Problem AlreadySubscribed =
        new(StatusCodes.Status409Conflict, "already_subscribed", "You have a plan already.")
        {
            Hint = "Change it with PATCH /api/payments/subscription.",
        };

    private static readonly Problem NotForRent = new(StatusCodes.Status409Conflict, "not_for_rent", "This film cannot be rented.");

    private static readonly Problem AlreadyPlays = new(StatusCodes.Status409Conflict, "already_entitled", "You may play this film already.");

    /// <summary>A price of a plan; or a film, and a price of its rental where it has several.</summary>
    /// <param name="PriceId">One of <c>GET /api/payments/plans</c>.</param>
    /// <param name="AssetId">The film to rent.</param>
    /// <param name="PromotionCode">As the buyer knows it; without one, the page asks for it.</param>
    public sealed record Request([property: MinLength(1), MaxLength(255)] string? PriceId, string? AssetId, [property: MinLength(1), MaxLength(MaxPromotionCodeLength)] string? PromotionCode);

    /// <param name="Url">To send the buyer to.</param>
    /// <param name="ExpiresAt">When the page closes, in UTC.</param>
    public sealed record Response(string Url, DateTime ExpiresAt);

    public static void Map(RouteGroupBuilder payments) => payments.MapPost("/checkout", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .WithMetadata(new CountedAs(RequestKind.Checkout))
        .Describe("openCheckout", "A page on which a plan is bought or a film is rented", "It is the payment provider's: no card is ever typed here.")
        .Answers<Response>(status: StatusCodes.Status201Created)
        .RefusesFields().Refuses(GetMovie.NotFound, AlreadySubscribed, NotForRent, AlreadyPlays);

    private static async Task<IResult> HandleAsync(
        JsonBody<Request> body,
        ClaimsPrincipal principal,
        Viewer viewer,
        BillingDatabase database,
        Customers customers,
        PurchaseRecords records,
        Entitlements entitlements,
        PublishedMovies movies,
        IPayments payments,
        BillingOptions options,
        TimeProvider time,
        CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;

        // :: Step 1: what is wanted
        var (priceId, assetText, code) = (body.Value.PriceId, body.Value.AssetId, body.Value.PromotionCode);
        var errors = new FieldErrors();
        AssetId asset = default;
        if (priceId is null && assetText is null) errors.Note("priceId", "A price of a plan, or else assetId: the film to rent.");
        if (priceId is { Length: 0 or > 255 }) errors.Note("priceId", "One of GET /api/payments/plans.");
        if (assetText is not null && !AssetId.TryParse(assetText, out asset)) errors.Note("assetId", "An asset's id: 32 lower-case hexadecimal digits.");
        if (code is not null && (code.Length is 0 or > MaxPromotionCodeLength || !code.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_')))
            errors.Note("promotionCode", $"1 to {MaxPromotionCodeLength} letters, digits, hyphens and underscores.");
        if (errors.Problem is { } wrong) return wrong;

        if (assetText is not null && await movies.FindAsync(asset, viewer, language: null, cancellationToken) is null) return GetMovie.NotFound;
        string? rentalCode = null;
        if (assetText is not null)
        {
            if ((rentalCode = await RentalCodeAsync(database, asset, cancellationToken)) is null) return NotForRent;
            if ((await entitlements.OfAsync(user, asset, cancellationToken)).Outcome == EntitlementOutcome.Entitled) return AlreadyPlays;
        }

        if (await FindPriceAsync(database, priceId, rentalCode, cancellationToken) is not { } price)
            return FieldErrors.One("priceId", "A price that is on sale: one of GET /api/payments/plans.");

        // :: Step 2: who buys, as the provider knows it this moment
        var customer = await customers.EnsureAsync(user, cancellationToken);
        var trialDays = 0;
        if (rentalCode is null)
        {
            await records.ReadAsync(user, cancellationToken);
            var (isSubscribed, hadPlan) = await PlansOfAsync(database, user, cancellationToken);
            if (isSubscribed) return AlreadySubscribed;
            if (!hadPlan) trialDays = price.TrialDays;
        }

        string? promotion = null;
        if (code is not null && (promotion = await payments.FindPromotionCodeAsync(code, cancellationToken)) is null)
            return FieldErrors.One("promotionCode", "There is no such code, or it is over.");

        // :: Step 3: the page
        var page = rentalCode is null
            ? await payments.OpenCheckoutAsync(new PlanOrder(user, customer, price.Id, trialDays, promotion), cancellationToken)
            : await payments.OpenCheckoutAsync(new RentalOrder(user, customer, price.Id, price.ProductId, asset.Value, price.RentalHours, promotion), cancellationToken);
        await customers.ExpectAsync(user, page.ExpiresAt + AfterClosing, cancellationToken);
        return TypedResults.Json(
            new Response(page.Url, page.ExpiresAt.UtcDateTime), ControlPlaneJson.Default.OpenCheckoutResponse, statusCode: StatusCodes.Status201Created);
    }

    private static async Task<string?> RentalCodeAsync(BillingDatabase database, AssetId asset, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<string?>(new CommandDefinition(
            "SELECT rental_code FROM films WHERE asset_id = @asset", new { asset = asset.Value }, cancellationToken: cancellationToken));
    }

    // Of a rental without a price that was asked for, the cheapest.
    private static async Task<PriceRow?> FindPriceAsync(BillingDatabase database, string? priceId, string? rentalCode, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<PriceRow>(new CommandDefinition(
            $"""
            SELECT r.id AS Id, p.id AS ProductId, p.trial_days AS TrialDays, p.rental_hours AS RentalHours
            FROM prices r JOIN products p ON p.id = r.product_id
            WHERE r.is_active AND p.is_active AND (@priceId::text IS NULL OR r.id = @priceId)
              AND {(rentalCode is null ? "p.kind = 'plan'" : "p.kind = 'rental' AND p.code = @rentalCode")}
            ORDER BY r.amount, r.id LIMIT 1
            """,
            new { priceId, rentalCode },
            cancellationToken: cancellationToken));
    }

    private static async Task<(bool IsSubscribed, bool HadPlan)> PlansOfAsync(BillingDatabase database, Guid user, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        var statuses = (await connection.QueryAsync<string>(new CommandDefinition(
            "SELECT s.status FROM subscriptions s JOIN products p ON p.id = s.product_id WHERE s.user_id = @user AND p.kind = 'plan'",
            new { user },
            cancellationToken: cancellationToken))).AsList();
        return (
            statuses.Exists(status => !SubscriptionStatus.IsOver(status) && status != SubscriptionStatus.Incomplete),
            statuses.Exists(status => status is not (SubscriptionStatus.Incomplete or SubscriptionStatus.IncompleteExpired)));
    }

    private sealed record PriceRow(string Id, string ProductId, int TrialDays, int RentalHours);
}
