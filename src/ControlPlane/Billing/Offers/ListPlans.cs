using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Billing;

/// <summary><c>GET /api/payments/plans</c>: what can be bought now, for anybody; as many as an operator made, at most <see cref="Most"/>.</summary>
internal static class ListPlans
{
    /// <summary>More are not shown: nobody chooses among so many.</summary>
    public const int Most = 50;

    /// <param name="IsOn">Whether anything is sold here; else every film plays.</param>
    /// <param name="Plans">In the operator's order.</param>
    /// <param name="Rentals">What films are rented as.</param>
    public sealed record Response(bool IsOn, IReadOnlyList<Plan> Plans, IReadOnlyList<Rental> Rentals);

    /// <param name="Code">Names it.</param>
    /// <param name="Streams">At the same time.</param>
    /// <param name="MaxHeight">Of renditions, in lines; null for any.</param>
    /// <param name="TrialDays">Free at first, for who had no plan yet; 0 for none.</param>
    public sealed record Plan(string Code, string Name, string? Description, int Streams, int? MaxHeight, int TrialDays, IReadOnlyList<Price> Prices);

    /// <param name="Code">Names it.</param>
    /// <param name="Hours">From the payment on.</param>
    public sealed record Rental(string Code, string Name, string? Description, int Hours, int? MaxHeight, IReadOnlyList<Price> Prices);

    /// <param name="Id">To order it by.</param>
    /// <param name="Currency">ISO 4217, lower case.</param>
    /// <param name="Amount">In the currency's smallest unit.</param>
    /// <param name="Interval"><c>day</c>, <c>week</c>, <c>month</c> or <c>year</c>; null where it is paid once.</param>
    /// <param name="IntervalCount">Of how many of those.</param>
    public sealed record Price(string Id, string Currency, long Amount, string? Interval, int? IntervalCount);

    public static void Map(RouteGroupBuilder payments) => payments.MapGet("/plans", HandleAsync).AllowAnonymous()
        .Describe("listPlans", "What can be bought now", "In the operator's order. Amounts are in the currency's smallest unit.")
        .Answers<Response>().IsWhole(Most);

    private static async Task<IResult> HandleAsync(BillingDatabase database, BillingOptions options, CancellationToken cancellationToken)
    {
        if (!options.IsOn) return Answer(new Response(false, [], []));
        await using var connection = await database.OpenAsync(cancellationToken);
        await using var read = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            SELECT id AS Id, kind AS Kind, code AS Code, name AS Name, description AS Description, streams AS Streams, max_height AS MaxHeight,
                   trial_days AS TrialDays, rental_hours AS RentalHours
            FROM products WHERE is_active ORDER BY position, code, id LIMIT 2 * @Most;
            SELECT product_id AS ProductId, id AS Id, currency AS Currency, amount AS Amount, interval AS Interval, interval_count AS IntervalCount
            FROM prices WHERE is_active ORDER BY currency, amount, id
            """,
            new { Most },
            cancellationToken: cancellationToken));
        var products = (await read.ReadAsync<ProductRow>()).AsList();
        var prices = (await read.ReadAsync<PriceRow>()).ToLookup(price => price.ProductId, price => price.ToPrice());
        return Answer(new Response(
            true,
            [.. products.Where(product => product.Kind == OfferKind.Plan && prices.Contains(product.Id)).Take(Most).Select(product => new Plan(
                product.Code, product.Name, product.Description, product.Streams, Lines(product), product.TrialDays, [.. prices[product.Id]]))],
            [.. products.Where(product => product.Kind == OfferKind.Rental && prices.Contains(product.Id)).Take(Most).Select(product => new Rental(
                product.Code, product.Name, product.Description, product.RentalHours, Lines(product), [.. prices[product.Id]]))]));

        static IResult Answer(Response response) => TypedResults.Json(response, ControlPlaneJson.Default.ListPlansResponse);
        static int? Lines(ProductRow product) => product.MaxHeight == 0 ? null : product.MaxHeight;
    }

    private sealed record ProductRow(
        string Id, string Kind, string Code, string Name, string? Description, int Streams, int MaxHeight, int TrialDays, int RentalHours);

    private sealed class PriceRow
    {
        public required string ProductId { get; init; }
        public required string Id { get; init; }
        public required string Currency { get; init; }
        public required long Amount { get; init; }
        public string? Interval { get; init; }
        public int? IntervalCount { get; init; }

        public Price ToPrice() => new(Id, Currency, Amount, Interval, IntervalCount);
    }
}
