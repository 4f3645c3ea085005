using System.Globalization;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>
/// What is sold, from what an operator wrote into a product's metadata: <c>movento_plan</c> or <c>movento_rental</c> with its code, and what it gives.
/// A product without either is somebody else's.
/// </summary>
internal static class StripeOffers
{
    public const int MaxTrialDays = 730;

    /// <summary>A rental lasts no longer, so that older ones need not be read again.</summary>
    public const int MaxRentalHours = 31 * 24;

    private const int MaxCodeLength = 64;

    /// <summary>The offer of a product; null where it is none of ours.</summary>
    public static Offer? Of(StripeProduct product, IEnumerable<StripePrice> prices)
    {
        var metadata = product.Metadata ?? new Dictionary<string, string>();
        var (kind, code) = metadata.TryGetValue("movento_plan", out var plan) ? (OfferKind.Plan, plan)
            : metadata.TryGetValue("movento_rental", out var rental) ? (OfferKind.Rental, rental)
            : (null, null);
        if (kind is null || code is null || !IsCode(code)) return null;
        var isPlan = kind == OfferKind.Plan;
        return new Offer(
            product.Id,
            kind,
            code,
            product.Name,
            product.Description,
            product.Active,
            Number("movento_position", 0, 0, int.MaxValue),
            Number("movento_streams", 1, 1, 100),
            Number("movento_max_height", 0, 0, ushort.MaxValue),
            isPlan ? Number("movento_trial_days", 0, 0, MaxTrialDays) : 0,
            isPlan ? 0 : Number("movento_rental_hours", 48, 1, MaxRentalHours),
            // A plan recurs and a rental does not; prices by quantity or by the buyer's own choice have no amount.
            [.. prices.Where(price => price.UnitAmount is not null && price.Recurring is not null == isPlan)
                .Select(price => new OfferPrice(
                    price.Id, product.Id, price.Active, price.Currency, price.UnitAmount!.Value, price.Recurring?.Interval, price.Recurring?.IntervalCount))]);

        int Number(string name, int otherwise, int least, int most) =>
            metadata.TryGetValue(name, out var text) && int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value)
                ? Math.Clamp(value, least, most)
                : otherwise;
    }

    /// <summary>Lower-case letters, digits and hyphens, up to 64.</summary>
    public static bool IsCode(string text) =>
        text.Length is > 0 and <= MaxCodeLength && text.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter == '-');
}
