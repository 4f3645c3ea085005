using System.Text.Json.Serialization.Metadata;

namespace Movento.ControlPlane.Billing.Stripe;

/// <summary>Stripe takes the money.</summary>
internal sealed class StripePayments(StripeClient stripe, BillingOptions options) : IPayments
{
    /// <summary>Of a list, at once: Stripe's most.</summary>
    private const int PageSize = 100;

    /// <summary>Pages of a list at most; what goes on behind them is an error, not a loop.</summary>
    private const int MaxPages = 50;

    private const string UserKey = "movento_user";
    private const string AssetKey = "movento_asset";
    private const string HoursKey = "movento_hours";
    private const string ProductKey = "movento_product";

    private readonly string _account = options.ReturnUrl.TrimEnd('/') + "/account";

    public async Task<string> CreateCustomerAsync(Guid user, CancellationToken cancellationToken) =>
        (await stripe.PostAsync(
            "v1/customers", new StripeForm().With($"metadata[{UserKey}]", Name(user)), NewKey(), StripeJson.Default.StripeReference, cancellationToken)).Id;

    public async Task DeleteCustomerAsync(string customer, CancellationToken cancellationToken)
    {
        try
        {
            await stripe.DeleteAsync($"v1/customers/{Uri.EscapeDataString(customer)}", StripeJson.Default.StripeCustomer, cancellationToken);
        }
        catch (PaymentsException e) when (e.Failure == PaymentsFailure.Missing)
        {
            // Deleted before.
        }
    }

    public async Task<bool> HasCustomerAsync(string customer, CancellationToken cancellationToken)
    {
        try
        {
            return !(await stripe.GetAsync($"v1/customers/{Uri.EscapeDataString(customer)}", new StripeForm(), StripeJson.Default.StripeCustomer, cancellationToken)).Deleted;
        }
        catch (PaymentsException e) when (e.Failure == PaymentsFailure.Missing)
        {
            return false;
        }
    }

    public async Task<CheckoutPage> OpenCheckoutAsync(PlanOrder order, CancellationToken cancellationToken)
    {
        // Two pages that are open at the same time would sell two subscriptions.
        var open = await ListAllAsync(
            "v1/checkout/sessions", () => new StripeForm().With("customer", order.Customer).With("status", "open").With("expand[]", "data.payment_intent.latest_charge"), StripeJson.Default.CheckoutSessionList, session => session.Id, cancellationToken);
        foreach (var session in open.Where(session => session.Mode == "subscription"))
            await ExpireAsync(session.Id, cancellationToken);

        var form = Checkout(order.Customer, order.User, order.Price, order.PromotionCode)
            .With("mode", "subscription")
            .With($"subscription_data[metadata][{UserKey}]", Name(order.User));
        if (order.TrialDays > 0) form.With("subscription_data[trial_period_days]", order.TrialDays);
        return await OpenAsync(form, cancellationToken);
    }

    public Task<CheckoutPage> OpenCheckoutAsync(RentalOrder order, CancellationToken cancellationToken) =>
        OpenAsync(
            Checkout(order.Customer, order.User, order.Price, order.PromotionCode)
                .With("mode", "payment")
                .With($"metadata[{AssetKey}]", Name(order.Asset))
                .With($"metadata[{HoursKey}]", order.Hours)
                .With($"metadata[{ProductKey}]", order.Product)
                .With($"payment_intent_data[metadata][{UserKey}]", Name(order.User)),
            cancellationToken);

    public async Task<string> OpenPortalAsync(string customer, CancellationToken cancellationToken) =>
        (await stripe.PostAsync(
            "v1/billing_portal/sessions",
            new StripeForm().With("customer", customer).With("return_url", _account),
            NewKey(),
            StripeJson.Default.StripePortalSession,
            cancellationToken)).Url;

    public async Task<string?> FindPromotionCodeAsync(string code, CancellationToken cancellationToken)
    {
        var found = await stripe.GetAsync(
            "v1/promotion_codes", new StripeForm().With("code", code).With("active", true).With("limit", 1), StripeJson.Default.PromotionCodeList, cancellationToken);
        return found.Data.FirstOrDefault(promotion => promotion.Active)?.Id;
    }

    public async Task<IReadOnlyList<Offer>> ReadOffersAsync(CancellationToken cancellationToken)
    {
        var products = await ListAllAsync("v1/products", () => new StripeForm(), StripeJson.Default.ProductList, product => product.Id, cancellationToken);
        var prices = (await ListAllAsync("v1/prices", () => new StripeForm(), StripeJson.Default.PriceList, price => price.Id, cancellationToken))
            .ToLookup(price => price.Product);
        return [.. products.Select(product => StripeOffers.Of(product, prices[product.Id])).OfType<Offer>()];
    }

    public async Task<Purchases?> ReadPurchasesAsync(string customer, DateTimeOffset rentalsSince, CancellationToken cancellationToken)
    {
        try
        {
            var subscriptions = new List<PaidSubscription>();
            foreach (var read in await ListAllAsync(
                "v1/subscriptions", () => new StripeForm().With("customer", customer).With("status", "all"), StripeJson.Default.SubscriptionList, one => one.Id, cancellationToken))
            {
                // A plan is the one item that its checkout made.
                if (read.Items.Data is not [var item, ..]) continue;
                subscriptions.Add(new PaidSubscription(
                    read.Id, item.Id, item.Price.Product, item.Price.Id, read.Status, Time(read.Created), Time(item.CurrentPeriodStart), Time(item.CurrentPeriodEnd),
                    Time(read.TrialEnd), Time(read.CancelAt), read.CancelAtPeriodEnd, Time(read.EndedAt),
                    read.Status == SubscriptionStatus.PastDue ? await UnpaidSinceAsync(read.Id, cancellationToken) ?? Time(item.CurrentPeriodStart) : null));
            }

            var sessions = await ListAllAsync(
                "v1/checkout/sessions",
                () => new StripeForm().With("customer", customer).With("created[gte]", rentalsSince).With("expand[]", "data.payment_intent.latest_charge"),
                StripeJson.Default.CheckoutSessionList,
                session => session.Id,
                cancellationToken);
            return new Purchases(subscriptions, [.. sessions.Select(RentalOf).OfType<PaidRental>()]);
        }
        catch (PaymentsException e) when (e.Failure == PaymentsFailure.Missing)
        {
            return null;
        }
    }

    public async Task<PlanChangeCost> PreviewChangeAsync(PlanChange change, CancellationToken cancellationToken)
    {
        var invoice = await stripe.PostAsync(
            "v1/invoices/create_preview",
            new StripeForm()
                .With("customer", change.Customer)
                .With("subscription", change.Subscription)
                .With("subscription_details[items][0][id]", change.Item)
                .With("subscription_details[items][0][price]", change.Price)
                .With("subscription_details[proration_behavior]", "always_invoice"),
            NewKey(),
            StripeJson.Default.StripeInvoice,
            cancellationToken);
        return new PlanChangeCost(invoice.Currency, invoice.Total < 0 ? invoice.Total : invoice.AmountDue);
    }

    public Task ChangePlanAsync(PlanChange change, CancellationToken cancellationToken)
    {
        var form = new StripeForm()
            .With("items[0][id]", change.Item)
            .With("items[0][price]", change.Price)
            .With("cancel_at_period_end", false)
            .With("proration_behavior", change.IsUpgrade ? "always_invoice" : "create_prorations");
        // What is not paid is not given: the subscription stays what it was.
        if (change.IsUpgrade) form.With("payment_behavior", "error_if_incomplete");
        return stripe.PostAsync($"v1/subscriptions/{change.Subscription}", form, NewKey(), StripeJson.Default.StripeReference, cancellationToken);
    }

    public Task SetCancelAtPeriodEndAsync(string subscription, bool isCancelled, CancellationToken cancellationToken) =>
        stripe.PostAsync(
            $"v1/subscriptions/{subscription}", new StripeForm().With("cancel_at_period_end", isCancelled), NewKey(), StripeJson.Default.StripeReference, cancellationToken);

    public async Task<InvoicePage> ListInvoicesAsync(string customer, string? after, int limit, CancellationToken cancellationToken)
    {
        var page = await stripe.GetAsync(
            "v1/invoices", new StripeForm().With("customer", customer).With("limit", limit).With("starting_after", after), StripeJson.Default.InvoiceList, cancellationToken);
        return new InvoicePage(
            [.. page.Data.Where(read => read.Id is not null).Select(read => new Invoice(
                read.Id!, read.Number, read.Status ?? "draft", read.Currency, read.Total, read.AmountPaid, read.AmountDue, Time(read.Created), read.HostedInvoiceUrl, read.InvoicePdf))],
            page.HasMore);
    }

    public async Task<PaymentEventPage> ListEventsAsync(DateTimeOffset since, string? after, CancellationToken cancellationToken)
    {
        var form = new StripeForm().With("created[gte]", since).With("limit", PageSize).With("starting_after", after);
        for (var i = 0; i < StripeEvents.Types.Count; i++) form.With($"types[{i}]", StripeEvents.Types[i]);
        var page = await stripe.GetAsync("v1/events", form, StripeJson.Default.EventList, cancellationToken);
        return new PaymentEventPage([.. page.Data.Select(StripeEvents.Of)], page.HasMore);
    }

    private StripeForm Checkout(string customer, Guid user, string price, string? promotionCode)
    {
        var form = new StripeForm()
            .With("customer", customer)
            .With("client_reference_id", Name(user))
            .With($"metadata[{UserKey}]", Name(user))
            .With("line_items[0][price]", price)
            .With("line_items[0][quantity]", 1)
            .With("success_url", _account + "?checkout=done")
            .With("cancel_url", _account + "?checkout=left");
        return promotionCode is null ? form.With("allow_promotion_codes", true) : form.With("discounts[0][promotion_code]", promotionCode);
    }

    private async Task<CheckoutPage> OpenAsync(StripeForm form, CancellationToken cancellationToken)
    {
        var session = await stripe.PostAsync("v1/checkout/sessions", form, NewKey(), StripeJson.Default.StripeOpenedCheckout, cancellationToken);
        return new CheckoutPage(session.Url, Time(session.ExpiresAt));
    }

    private async Task ExpireAsync(string session, CancellationToken cancellationToken)
    {
        try
        {
            await stripe.PostAsync($"v1/checkout/sessions/{session}/expire", new StripeForm(), NewKey(), StripeJson.Default.StripeReference, cancellationToken);
        }
        catch (PaymentsException e) when (e.Failure == PaymentsFailure.Refused)
        {
            // It was completed, or expired by itself, meanwhile.
        }
    }

    private async Task<DateTimeOffset?> UnpaidSinceAsync(string subscription, CancellationToken cancellationToken)
    {
        var open = await ListAllAsync(
            "v1/invoices", () => new StripeForm().With("subscription", subscription).With("status", "open"), StripeJson.Default.InvoiceList, invoice => invoice.Id ?? "", cancellationToken);
        return open.Count == 0 ? null : Time(open.Min(invoice => invoice.Created));
    }

    // Only what is paid, and says whose and which film it is: other checkouts are somebody else's.
    private static PaidRental? RentalOf(StripeCheckoutSession session)
    {
        if (session.Mode != "payment" || session.PaymentStatus is not ("paid" or "no_payment_required") || session.Status != "complete") return null;
        if (session.Metadata is not { } metadata
            || !metadata.TryGetValue(UserKey, out var user) || !Guid.TryParseExact(user, "N", out var userId)
            || !metadata.TryGetValue(AssetKey, out var asset) || !Guid.TryParseExact(asset, "N", out var assetId)
            || !metadata.TryGetValue(HoursKey, out var hours) || !int.TryParse(hours, out var length) || length is < 1 or > StripeOffers.MaxRentalHours
            || !metadata.TryGetValue(ProductKey, out var product))
            return null;
        var charge = session.PaymentIntent?.LatestCharge;
        var rented = Time(charge?.Created ?? session.Created);
        return new PaidRental(session.Id, userId, assetId, product, rented, rented.AddHours(length), charge is { Refunded: true } or { Disputed: true });
    }

    private async Task<IReadOnlyList<T>> ListAllAsync<T>(
        string path, Func<StripeForm> form, JsonTypeInfo<StripeList<T>> type, Func<T, string> idOf, CancellationToken cancellationToken)
    {
        var all = new List<T>();
        for (var page = 0; page < MaxPages; page++)
        {
            var read = await stripe.GetAsync(
                path, form().With("limit", PageSize).With("starting_after", all.Count == 0 ? null : idOf(all[^1])), type, cancellationToken);
            all.AddRange(read.Data);
            if (!read.HasMore || read.Data.Count == 0) return all;
        }

        throw new PaymentsException(PaymentsFailure.Refused, "too_long_a_list", null);
    }

    private static string Name(Guid id) => id.ToString("N");

    private static string NewKey() => Guid.NewGuid().ToString("N");

    private static DateTimeOffset Time(long seconds) => DateTimeOffset.FromUnixTimeSeconds(seconds);

    private static DateTimeOffset? Time(long? seconds) => seconds is { } value ? DateTimeOffset.FromUnixTimeSeconds(value) : null;
}
