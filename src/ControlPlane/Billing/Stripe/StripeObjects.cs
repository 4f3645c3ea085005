using System.Text.Json.Serialization;

namespace Movento.ControlPlane.Billing.Stripe;

// The members of Stripe's objects that are read here, as the API reference names them.

/// <summary>A page of a list.</summary>
internal sealed record StripeList<T>(IReadOnlyList<T> Data, bool HasMore);

/// <summary>What an answer of an error holds.</summary>
internal sealed record StripeErrorAnswer(StripeError? Error);

/// <summary>An error; its message may hold what a person typed, and is not read.</summary>
internal sealed record StripeError(string? Type, string? Code);

/// <summary>An object of which only the id matters.</summary>
internal sealed record StripeReference(string Id);

/// <summary>A customer.</summary>
internal sealed record StripeCustomer(string Id, bool Deleted);

/// <summary>A product.</summary>
internal sealed record StripeProduct(string Id, bool Active, string Name, string? Description, IReadOnlyDictionary<string, string>? Metadata);

/// <summary>A price.</summary>
internal sealed record StripePrice(string Id, bool Active, string Currency, long? UnitAmount, string Product, StripeRecurring? Recurring);

/// <summary>How a price recurs.</summary>
internal sealed record StripeRecurring(string Interval, int IntervalCount);

/// <summary>A subscription.</summary>
internal sealed record StripeSubscription(
    string Id, string Status, long Created, bool CancelAtPeriodEnd, long? CancelAt, long? EndedAt, long? TrialEnd, StripeList<StripeSubscriptionItem> Items);

/// <summary>An item of a subscription; since version 2025-03-31 the period stands here.</summary>
internal sealed record StripeSubscriptionItem(string Id, StripePrice Price, long CurrentPeriodStart, long CurrentPeriodEnd);

/// <summary>A checkout session that was just opened.</summary>
internal sealed record StripeOpenedCheckout(string Id, string Url, long ExpiresAt);

/// <summary>A checkout session, with its payment expanded.</summary>
internal sealed record StripeCheckoutSession(
    string Id, string Mode, string? Status, string PaymentStatus, long Created,
    IReadOnlyDictionary<string, string>? Metadata, StripePaymentIntent? PaymentIntent);

/// <summary>A payment, with its charge expanded.</summary>
internal sealed record StripePaymentIntent(string Id, StripeCharge? LatestCharge);

/// <summary>A charge.</summary>
internal sealed record StripeCharge(string Id, long Created, bool Refunded, bool Disputed);

/// <summary>A session of the customer portal.</summary>
internal sealed record StripePortalSession(string Id, string Url);

/// <summary>A code that a buyer types.</summary>
internal sealed record StripePromotionCode(string Id, bool Active);

/// <summary>An invoice.</summary>
internal sealed record StripeInvoice(
    string? Id, string? Number, string? Status, string Currency, long AmountDue, long AmountPaid, long Total, long Created,
    string? HostedInvoiceUrl, string? InvoicePdf);

/// <summary>An event, as little of it as is believed.</summary>
internal sealed record StripeEvent(string Id, string Type, long Created, StripeEventData Data);

/// <summary>What an event is about.</summary>
internal sealed record StripeEventData(StripeEventObject Object);

/// <summary>The object of an event: only whose it is.</summary>
/// <param name="Id">Its id; an invoice that is announced before it exists has none.</param>
/// <param name="Object">Its kind.</param>
/// <param name="Customer">The customer it belongs to: an id, or the object where the endpoint expands it.</param>
internal sealed record StripeEventObject(string? Id, string? Object, [property: JsonConverter(typeof(StripeIdConverter))] string? Customer);
