using System.Text.Json;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>Reads events: those that webhooks bring, and those that a list has.</summary>
internal static class StripeEvents
{
    /// <summary>The types that can change what anybody may play, or what is sold; a webhook endpoint needs no others. At most twenty, as
    /// many as a list can be asked for.</summary>
    public static IReadOnlyList<string> Types { get; } =
    [
        "checkout.session.completed", "checkout.session.async_payment_succeeded",
        "customer.subscription.created", "customer.subscription.updated", "customer.subscription.deleted", "customer.subscription.paused",
        "customer.subscription.resumed", CustomerDeleted, "invoice.paid", "invoice.payment_failed",
        "charge.refunded", "charge.dispute.created", "charge.dispute.closed",
        "product.created", "product.updated", "product.deleted", "price.created", "price.updated", "price.deleted",
    ];

    /// <summary>After it, what the customer had can still be read, but it can buy nothing any more.</summary>
    public const string CustomerDeleted = "customer.deleted";

    private static readonly HashSet<string> Known = new(Types, StringComparer.Ordinal);

    /// <summary>Whether an event of this type could matter here.</summary>
    public static bool Matters(string type) => Known.Contains(type);

    /// <summary>The event of a webhook's body; null where it is none.</summary>
    public static PaymentEvent? Read(ReadOnlySpan<byte> body)
    {
        try
        {
            return JsonSerializer.Deserialize(body, StripeJson.Default.StripeEvent) is { Id.Length: > 0 and <= 255, Type.Length: > 0 and <= 255, Data.Object: not null } read
                ? Of(read)
                : null;
        }
        catch (Exception e) when (e is JsonException or ArgumentOutOfRangeException)
        {
            return null;
        }
    }

    public static PaymentEvent Of(StripeEvent read) => new(
        read.Id,
        read.Type,
        DateTimeOffset.FromUnixTimeSeconds(read.Created),
        read.Data.Object.Object == "customer" ? read.Data.Object.Id : read.Data.Object.Customer);
}
