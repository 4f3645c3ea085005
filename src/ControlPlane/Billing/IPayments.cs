namespace Movento.ControlPlane.Billing;

/// <summary>
/// What billing asks of whoever takes the money. Every member may throw <see cref="PaymentsException"/>. Nothing here holds a card: buyers type theirs on
/// the provider's own pages.
/// </summary>
internal interface IPayments
{
    /// <summary>Makes the user known. Its id.</summary>
    Task<string> CreateCustomerAsync(Guid user, CancellationToken cancellationToken);

    /// <summary>Ends everything that a customer pays for, now, and forgets who it is; nothing where there is no such customer any more.</summary>
    Task DeleteCustomerAsync(string customer, CancellationToken cancellationToken);

    /// <summary>Whether there is such a customer, and it was not deleted.</summary>
    Task<bool> HasCustomerAsync(string customer, CancellationToken cancellationToken);

    /// <summary>Opens a page on which a plan is bought; one that was open for this customer before is closed.</summary>
    Task<CheckoutPage> OpenCheckoutAsync(PlanOrder order, CancellationToken cancellationToken);

    /// <summary>Opens a page on which a film is rented.</summary>
    Task<CheckoutPage> OpenCheckoutAsync(RentalOrder order, CancellationToken cancellationToken);

    /// <summary>Opens the page on which a customer manages what it pays with, and sees what it paid. Its URL.</summary>
    Task<string> OpenPortalAsync(string customer, CancellationToken cancellationToken);

    /// <summary>The id of a code that can be redeemed now; null where there is none.</summary>
    Task<string?> FindPromotionCodeAsync(string code, CancellationToken cancellationToken);

    /// <summary>Everything that is sold.</summary>
    Task<IReadOnlyList<Offer>> ReadOffersAsync(CancellationToken cancellationToken);

    /// <summary>Everything that a customer has bought, as it is now; null where there is no such customer any more.</summary>
    /// <param name="rentalsSince">Rentals that were begun before it are left out: they are over.</param>
    Task<Purchases?> ReadPurchasesAsync(string customer, DateTimeOffset rentalsSince, CancellationToken cancellationToken);

    /// <summary>What a change to another price would cost.</summary>
    Task<PlanChangeCost> PreviewChangeAsync(PlanChange change, CancellationToken cancellationToken);

    /// <summary>Changes to another price: dearer ones at once, paid at once for the rest of the period or not done; cheaper ones with the rest as credit.</summary>
    Task ChangePlanAsync(PlanChange change, CancellationToken cancellationToken);

    /// <summary>Ends a subscription with its period, or takes that back.</summary>
    Task SetCancelAtPeriodEndAsync(string subscription, bool isCancelled, CancellationToken cancellationToken);

    /// <summary>A page of a customer's invoices, newest first.</summary>
    /// <param name="after">The id of the last one of the page before; null for the first page.</param>
    Task<InvoicePage> ListInvoicesAsync(string customer, string? after, int limit, CancellationToken cancellationToken);

    /// <summary>A page of what happened since then, newest first: events that could matter here.</summary>
    Task<PaymentEventPage> ListEventsAsync(DateTimeOffset since, string? after, CancellationToken cancellationToken);
}

/// <summary>A page of the provider's, on which something is bought.</summary>
/// <param name="Url">To send the buyer to.</param>
/// <param name="ExpiresAt">When it closes.</param>
internal sealed record CheckoutPage(string Url, DateTimeOffset ExpiresAt);

/// <summary>Somebody wants a plan.</summary>
/// <param name="TrialDays">0 for none.</param>
/// <param name="PromotionCode">The id of a code; null lets the buyer type one on the page.</param>
internal sealed record PlanOrder(Guid User, string Customer, string Price, int TrialDays, string? PromotionCode);

/// <summary>Somebody wants to rent a film.</summary>
/// <param name="Hours">For how long, from the payment on.</param>
/// <param name="PromotionCode">The id of a code; null lets the buyer type one on the page.</param>
internal sealed record RentalOrder(Guid User, string Customer, string Price, string Product, Guid Asset, int Hours, string? PromotionCode);

/// <summary>A subscription is to have another price.</summary>
/// <param name="IsUpgrade">Whether the new one is dearer.</param>
internal sealed record PlanChange(string Customer, string Subscription, string Item, string Price, bool IsUpgrade);

/// <summary>What a change would cost, in the currency's smallest unit.</summary>
/// <param name="DueNow">On the invoice that it would make; below zero where credit would be left.</param>
internal sealed record PlanChangeCost(string Currency, long DueNow);

/// <summary>Something that is sold: a plan or a rental.</summary>
internal sealed record Offer(
    string Id, string Kind, string Code, string Name, string? Description, bool IsActive, int Position, int Streams, int MaxHeight, int TrialDays,
    int RentalHours, IReadOnlyList<OfferPrice> Prices);

/// <summary>A price of it; <paramref name="Interval"/> is null where it is paid once.</summary>
internal sealed record OfferPrice(string Id, string ProductId, bool IsActive, string Currency, long Amount, string? Interval, int? IntervalCount);

/// <summary>What a customer has bought.</summary>
internal sealed record Purchases(IReadOnlyList<PaidSubscription> Subscriptions, IReadOnlyList<PaidRental> Rentals);

/// <summary>A subscription of whatever status, also one that is over.</summary>
internal sealed record PaidSubscription(
    string Id, string ItemId, string ProductId, string PriceId, string Status, DateTimeOffset CreatedAt, DateTimeOffset PeriodStart, DateTimeOffset PeriodEnd,
    DateTimeOffset? TrialEnd, DateTimeOffset? CancelAt, bool CancelAtPeriodEnd, DateTimeOffset? EndedAt, DateTimeOffset? UnpaidSince);

/// <summary>A film that was paid for once.</summary>
internal sealed record PaidRental(string Id, Guid UserId, Guid AssetId, string ProductId, DateTimeOffset RentedAt, DateTimeOffset ExpiresAt, bool IsRefunded);

/// <summary>Invoices, newest first.</summary>
internal sealed record InvoicePage(IReadOnlyList<Invoice> Items, bool HasMore);

/// <summary>An invoice.</summary>
/// <param name="Number">What stands on it; null of one that is not final.</param>
/// <param name="Status"><c>draft</c>, <c>open</c>, <c>paid</c>, <c>uncollectible</c> or <c>void</c>.</param>
/// <param name="Total">In the currency's smallest unit.</param>
/// <param name="PageUrl">Where it can be seen, and paid while it is open.</param>
internal sealed record Invoice(
    string Id, string? Number, string Status, string Currency, long Total, long AmountPaid, long AmountDue, DateTimeOffset CreatedAt, string? PageUrl, string? PdfUrl);

/// <summary>Events, newest first.</summary>
internal sealed record PaymentEventPage(IReadOnlyList<PaymentEvent> Items, bool HasMore);

/// <summary>Something happened: a hint to read again, and no more.</summary>
/// <param name="Customer">Whose it is; null for what is nobody's.</param>
internal sealed record PaymentEvent(string Id, string Type, DateTimeOffset CreatedAt, string? Customer)
{
    /// <summary>Whether it says that what is sold has changed.</summary>
    public bool IsAboutOffers => Type.StartsWith("product.", StringComparison.Ordinal) || Type.StartsWith("price.", StringComparison.Ordinal);
}
