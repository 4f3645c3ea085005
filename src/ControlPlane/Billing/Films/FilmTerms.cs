using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Billing.Stripe;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary>
/// <c>GET /api/payments/films/{assetId}</c>, for anybody: how a film is sold, and at which prices it is rented; <c>PUT</c>, for editors, says it. A film about
/// which nothing was said is in every plan.
/// </summary>
internal static class FilmTerms
{
    /// <param name="Access"><c>plan</c>, <c>rental</c>, <c>plan_or_rental</c> or <c>free</c>.</param>
    /// <param name="Rental">The code of what it is rented as; needed with <c>rental</c> and <c>plan_or_rental</c>, and only with them.</param>
    public sealed record Request([property: Required, Words(typeof(FilmAccess))] string? Access, string? Rental);

    /// <param name="Access">As it was said.</param>
    /// <param name="Rental">What it is rented as; null for nothing, and while that is not on sale.</param>
    public sealed record Response(string AssetId, [property: Words(typeof(FilmAccess))] string Access, FilmRental? Rental);

    /// <param name="Code">Names it.</param>
    /// <param name="Hours">From the payment on.</param>
    public sealed record FilmRental(string Code, string Name, int Hours, IReadOnlyList<ListPlans.Price> Prices);

    public static void Map(RouteGroupBuilder payments)
    {
        payments.MapGet("/films/{assetId}", GetAsync).AllowAnonymous()
            .Describe("getFilmTerms", "How a film is sold", "One about which nothing was said is in every plan.")
            .Answers<Response>().Refuses(NoFilm);
        payments.MapPut("/films/{assetId}", PutAsync).RequireAuthorization(Access.EditorPolicy)
            .Describe("putFilmTerms", "Say how a film is sold")
            .Answers<Response>().RefusesFields().Refuses(NoFilm);
    }

    private static async Task<IResult> GetAsync(string assetId, BillingDatabase database, CancellationToken cancellationToken) =>
        AssetId.TryParse(assetId, out var asset) ? await AnswerAsync(asset, database, cancellationToken) : NoFilm;

    private static async Task<IResult> PutAsync(
        string assetId, JsonBody<Request> body, BillingDatabase database, TimeProvider time, CancellationToken cancellationToken)
    {
        if (body.Refusal is { } refusal) return refusal;
        if (!AssetId.TryParse(assetId, out var asset)) return NoFilm;
        var (access, rental) = (body.Value.Access, body.Value.Rental);
        var errors = new FieldErrors();
        if (!FilmAccess.IsOne(access)) errors.Note("access", "plan, rental, plan_or_rental or free.");
        else if (FilmAccess.NeedsRentalCode(access!) ? rental is null || !StripeOffers.IsCode(rental) : rental is not null)
            errors.Note("rental", "The code of a rental, with rental and plan_or_rental; nothing else.");
        if (errors.Problem is { } wrong) return wrong;

        await using (var connection = await database.OpenAsync(cancellationToken))
        {
            if (rental is not null && !await connection.QuerySingleAsync<bool>(new CommandDefinition(
                "SELECT EXISTS (SELECT 1 FROM products WHERE kind = 'rental' AND code = @rental)", new { rental }, cancellationToken: cancellationToken)))
                return FieldErrors.One("rental", "There is no such rental: a product with the metadata movento_rental makes one.");
            await connection.ExecuteAsync(new CommandDefinition(
                """
                INSERT INTO films (asset_id, access, rental_code, changed_at) VALUES (@asset, @access, @rental, @now)
                ON CONFLICT (asset_id) DO UPDATE SET access = excluded.access, rental_code = excluded.rental_code, changed_at = excluded.changed_at
                """,
                new { asset = asset.Value, access, rental, now = time.GetUtcNow() },
                cancellationToken: cancellationToken));
        }

        return await AnswerAsync(asset, database, cancellationToken);
    }

    private static async Task<IResult> AnswerAsync(AssetId asset, BillingDatabase database, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var read = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT access FROM films WHERE asset_id = @asset;
            SELECT p.code AS Code, p.name AS Name, p.rental_hours AS Hours, r.id AS PriceId, r.currency AS Currency, r.amount AS Amount
            FROM films f JOIN products p ON p.kind = 'rental' AND p.code = f.rental_code AND p.is_active JOIN prices r ON r.product_id = p.id AND r.is_active
            WHERE f.asset_id = @asset ORDER BY r.amount, r.id
            """,
            new { asset = asset.Value },
            cancellationToken: cancellationToken));
        var access = await read.ReadSingleOrDefaultAsync<string>() ?? FilmAccess.Plan;
        var rows = (await read.ReadAsync<RentalRow>()).AsList();
        return TypedResults.Json(
            new Response(
                asset.ToString(),
                access,
                rows is [var first, ..]
                    ? new FilmRental(first.Code, first.Name, first.Hours, [.. rows.Select(row => new ListPlans.Price(row.PriceId, row.Currency, row.Amount, null, null))])
                    : null),
            ControlPlaneJson.Default.FilmTermsResponse);
    }

    private static Problem NoFilm { get; } = Problem.NotFound("There is no such film.");

    private sealed record RentalRow(string Code, string Name, int Hours, string PriceId, string Currency, long Amount);
}
