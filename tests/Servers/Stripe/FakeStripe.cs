using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Movento.Servers.Stripe;

/// <summary>
/// What Stripe keeps of one account, and what buyers and time do to it: customers, products, prices, checkout sessions, subscriptions, invoices and charges in
/// the shapes of the API reference, and an event for each change. Time is the clock's: <see cref="RunClock"/> does what has become due.
/// </summary>
public sealed class FakeStripe(TimeProvider time)
{
    /// <summary>When a payment that failed is tried again, after the first time; after the last one the subscription is <see cref="AfterRetries"/>.</summary>
    private static readonly TimeSpan[] Retries = [TimeSpan.FromDays(3), TimeSpan.FromDays(8), TimeSpan.FromDays(15)];

    private readonly Dictionary<string, bool> _cards = [];
    private readonly Dictionary<string, List<JsonObject>> _byOwner = [];
    private long _ranAt = -1;
    private long _lastId;

    /// <summary>The key that callers must show.</summary>
    public string SecretKey { get; init; } = "sk_test_fake0123456789";

    /// <summary>What its webhooks are signed with.</summary>
    public string WebhookSecret { get; init; } = "whsec_fake0123456789";

    /// <summary>What becomes of a subscription that is not paid in the end: <c>canceled</c>, <c>unpaid</c> or <c>past_due</c>.</summary>
    public string AfterRetries { get; set; } = "canceled";

    /// <summary>Held by whoever reads or changes any of it.</summary>
    public Lock Gate { get; } = new();

    public Dictionary<string, JsonObject> Customers { get; } = [];
    public Dictionary<string, JsonObject> Products { get; } = [];
    public Dictionary<string, JsonObject> Prices { get; } = [];
    public Dictionary<string, JsonObject> PromotionCodes { get; } = [];
    public Dictionary<string, JsonObject> Sessions { get; } = [];
    public Dictionary<string, JsonObject> Subscriptions { get; } = [];
    public Dictionary<string, JsonObject> Invoices { get; } = [];
    public Dictionary<string, JsonObject> Charges { get; } = [];

    /// <summary>Everything that happened, the oldest first.</summary>
    public List<JsonObject> Events { get; } = [];

    public long Now => time.GetUtcNow().ToUnixTimeSeconds();

    /// <summary>A new id, in the order in which they are made.</summary>
    public string NewId(string prefix) => $"{prefix}_{++_lastId:d12}";

    /// <summary>Forgets everything.</summary>
    public void Clear()
    {
        lock (Gate)
        {
            foreach (var objects in new[] { Customers, Products, Prices, PromotionCodes, Sessions, Subscriptions, Invoices, Charges }) objects.Clear();
            Events.Clear();
            _cards.Clear();
            _byOwner.Clear();
            _ranAt = -1;
            AfterRetries = "canceled";
        }
    }

    /// <summary>A product with one price; the price's id.</summary>
    /// <param name="interval">Null: paid once.</param>
    public string AddPrice(string name, long amount, string? interval, string? productId = null, params (string Key, string Value)[] metadata)
    {
        lock (Gate)
        {
            if (productId is null)
            {
                productId = NewId("prod");
                var words = new JsonObject();
                foreach (var (key, value) in metadata) words[key] = value;
                Products[productId] = new JsonObject
                {
                    ["id"] = productId, ["object"] = "product", ["active"] = true, ["created"] = Now, ["description"] = null, ["images"] = new JsonArray(),
                    ["livemode"] = false, ["metadata"] = words, ["name"] = name, ["type"] = "service", ["updated"] = Now,
                };
                Happened("product.created", Products[productId]);
            }

            var id = NewId("price");
            Prices[id] = new JsonObject
            {
                ["id"] = id, ["object"] = "price", ["active"] = true, ["billing_scheme"] = "per_unit", ["created"] = Now, ["currency"] = "eur", ["livemode"] = false,
                ["metadata"] = new JsonObject(), ["product"] = productId, ["type"] = interval is null ? "one_time" : "recurring", ["unit_amount"] = amount,
                ["recurring"] = interval is null ? null : new JsonObject { ["interval"] = interval, ["interval_count"] = 1, ["usage_type"] = "licensed" },
            };
            Happened("price.created", Prices[id]);
            return id;
        }
    }

    /// <summary>A code that takes a part off.</summary>
    public void AddPromotionCode(string code, int percentOff)
    {
        lock (Gate)
        {
            var id = NewId("promo");
            PromotionCodes[id] = new JsonObject
            {
                ["id"] = id, ["object"] = "promotion_code", ["active"] = true, ["code"] = code, ["created"] = Now,
                ["coupon"] = new JsonObject { ["id"] = NewId("co"), ["object"] = "coupon", ["percent_off"] = percentOff, ["duration"] = "once" },
            };
        }
    }

    public string AddCustomer(IReadOnlyDictionary<string, string> metadata)
    {
        lock (Gate)
        {
            var id = NewId("cus");
            var words = new JsonObject();
            foreach (var (key, value) in metadata) words[key] = value;
            Customers[id] = new JsonObject { ["id"] = id, ["object"] = "customer", ["created"] = Now, ["email"] = null, ["livemode"] = false, ["metadata"] = words };
            _cards[id] = true;
            return id;
        }
    }

    /// <summary>Whether the customer's card can be charged from now on.</summary>
    public void SetCard(string customer, bool works)
    {
        lock (Gate) _cards[customer] = works;
    }

    public bool CardWorks(string customer) => _cards.GetValueOrDefault(customer, true);

    /// <summary>The buyer fills in the page of a checkout session; false where it is not open any more, or the card is declined.</summary>
    public bool CompleteCheckout(string sessionId)
    {
        lock (Gate)
        {
            RunClock();
            var session = Sessions[sessionId];
            var customer = session["customer"]!.GetValue<string>();
            if (session["status"]!.GetValue<string>() != "open" || !CardWorks(customer)) return false;
            session["status"] = "complete";
            session["url"] = null;
            if (session["mode"]!.GetValue<string>() == "payment")
            {
                var amount = session["amount_total"]!.GetValue<long>();
                session["payment_status"] = amount == 0 ? "no_payment_required" : "paid";
                if (amount > 0) session["payment_intent"] = Charge(customer, amount);
            }
            else
            {
                var hidden = session["_subscription_data"]!.AsObject();
                var trialDays = hidden["trial_period_days"]?.GetValue<int>() ?? 0;
                var subscription = Subscribe(
                    customer, session["_price"]!.GetValue<string>(), trialDays, hidden["metadata"]!.DeepClone().AsObject(), session["_percent_off"]!.GetValue<int>());
                session["subscription"] = subscription;
                session["payment_status"] = trialDays > 0 ? "no_payment_required" : "paid";
            }

            Happened("checkout.session.completed", session);
            return true;
        }
    }

    /// <summary>A subscription's price changes, with proration; false, and nothing changes, where it must be paid now and cannot.</summary>
    public bool ChangePrice(string subscriptionId, string price, bool invoiceNow)
    {
        lock (Gate)
        {
            var subscription = Subscriptions[subscriptionId];
            var item = Item(subscription);
            var due = ProrationOf(subscription, price);
            var customer = subscription["customer"]!.GetValue<string>();
            if (invoiceNow && due > 0)
            {
                if (!CardWorks(customer)) return false;
                Invoice(subscription, due, "subscription_update", isPaid: true);
            }

            item["price"] = Prices[price].DeepClone();
            Happened("customer.subscription.updated", subscription);
            return true;
        }
    }

    /// <summary>What the rest of the period costs more at another price; below zero for less.</summary>
    public long ProrationOf(JsonObject subscription, string price)
    {
        if (subscription["status"]!.GetValue<string>() == "trialing") return 0;
        var item = Item(subscription);
        var (start, end) = (item["current_period_start"]!.GetValue<long>(), item["current_period_end"]!.GetValue<long>());
        var left = (double)Math.Max(0, end - Now) / (end - start);
        return (long)Math.Round((Prices[price]["unit_amount"]!.GetValue<long>() - item["price"]!["unit_amount"]!.GetValue<long>()) * left);
    }

    public void SetCancelAtPeriodEnd(string subscriptionId, bool isCancelled)
    {
        lock (Gate)
        {
            var subscription = Subscriptions[subscriptionId];
            subscription["cancel_at_period_end"] = isCancelled;
            subscription["cancel_at"] = isCancelled ? Item(subscription)["current_period_end"]!.GetValue<long>() : null;
            Happened("customer.subscription.updated", subscription);
        }
    }

    /// <summary>Ends a subscription at once.</summary>
    public void Cancel(string subscriptionId)
    {
        lock (Gate) End(Subscriptions[subscriptionId]);
    }

    /// <summary>Pays what is open, as a customer does in the portal; false where the card is declined.</summary>
    public bool PayOpenInvoices(string subscriptionId)
    {
        lock (Gate)
        {
            var subscription = Subscriptions[subscriptionId];
            if (!CardWorks(subscription["customer"]!.GetValue<string>())) return false;
            foreach (var invoice in OpenInvoices(subscriptionId)) Pay(invoice);
            if (subscription["status"]!.GetValue<string>() is "past_due" or "unpaid" or "incomplete")
            {
                subscription["status"] = "active";
                Happened("customer.subscription.updated", subscription);
            }

            return true;
        }
    }

    /// <summary>Gives the money of a one-time payment back.</summary>
    public void Refund(string sessionId)
    {
        lock (Gate)
        {
            var charge = Sessions[sessionId]["payment_intent"]!["latest_charge"]!.AsObject();
            charge["refunded"] = true;
            charge["amount_refunded"] = charge["amount"]!.GetValue<long>();
            Happened("charge.refunded", charge);
        }
    }

    /// <summary>Removes a customer, with its subscriptions.</summary>
    public void DeleteCustomer(string customer)
    {
        lock (Gate)
        {
            foreach (var subscription in Of(customer).Where(one => one["ended_at"] is null).ToList()) End(subscription);
            var gone = Customers[customer];
            Customers.Remove(customer);
            Happened("customer.deleted", gone);
        }
    }

    /// <summary>Subscriptions of a customer, the newest first.</summary>
    public IEnumerable<JsonObject> Of(string customer) => OwnedBy("sub of " + customer).AsEnumerable().Reverse();

    /// <summary>Checkout sessions of a customer.</summary>
    public IReadOnlyList<JsonObject> SessionsOf(string customer) => OwnedBy("cs of " + customer);

    /// <summary>Invoices of a subscription.</summary>
    public IReadOnlyList<JsonObject> InvoicesOf(string subscription) => OwnedBy("in of " + subscription);

    /// <summary>Adds a checkout session.</summary>
    public void Add(JsonObject session)
    {
        Sessions[session["id"]!.GetValue<string>()] = session;
        OwnedBy("cs of " + session["customer"]!.GetValue<string>()).Add(session);
    }

    private List<JsonObject> OwnedBy(string owner) => _byOwner.TryGetValue(owner, out var list) ? list : _byOwner[owner] = [];

    /// <summary>Does what has become due: renewals, ends, retries of payments, sessions that close.</summary>
    public void RunClock()
    {
        lock (Gate)
        {
            if (_ranAt == Now) return;
            _ranAt = Now;
            foreach (var session in Sessions.Values.Where(one => one["status"]!.GetValue<string>() == "open" && one["expires_at"]!.GetValue<long>() <= Now).ToList())
                Expire(session);
            foreach (var subscription in Subscriptions.Values.ToList())
            {
                // Each renewal may be followed by another one that is due as well.
                while (subscription["ended_at"] is null && Step(subscription))
                {
                }
            }
        }
    }

    public void Expire(JsonObject session)
    {
        session["status"] = "expired";
        session["url"] = null;
        Happened("checkout.session.expired", session);
    }

    /// <summary>The body of an event as a webhook brings it, and the header that signs it at a time.</summary>
    public (byte[] Body, string Signature) Sign(JsonObject happened, DateTimeOffset at)
    {
        byte[] body;
        lock (Gate) body = Encoding.UTF8.GetBytes(happened.ToJsonString());
        var seconds = at.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var signed = Encoding.UTF8.GetBytes(seconds + ".").Concat(body).ToArray();
        return (body, $"t={seconds},v1={Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.UTF8.GetBytes(WebhookSecret), signed))}");
    }

    /// <summary>The one item of a subscription.</summary>
    public static JsonObject Item(JsonObject subscription) => subscription["items"]!["data"]![0]!.AsObject();

    private string Subscribe(string customer, string price, int trialDays, JsonObject metadata, int percentOff)
    {
        var id = NewId("sub");
        var end = trialDays > 0 ? Now + trialDays * 86400L : PeriodAfter(Now, price);
        Subscriptions[id] = new JsonObject
        {
            ["id"] = id, ["object"] = "subscription", ["customer"] = customer, ["status"] = trialDays > 0 ? "trialing" : "active", ["created"] = Now,
            ["start_date"] = Now, ["billing_cycle_anchor"] = Now, ["cancel_at"] = null, ["cancel_at_period_end"] = false, ["canceled_at"] = null, ["ended_at"] = null,
            ["trial_start"] = trialDays > 0 ? Now : null, ["trial_end"] = trialDays > 0 ? end : null, ["collection_method"] = "charge_automatically",
            ["currency"] = "eur", ["livemode"] = false, ["metadata"] = metadata, ["latest_invoice"] = null, ["_retries"] = 0,
            ["items"] = new JsonObject
            {
                ["object"] = "list", ["has_more"] = false, ["url"] = $"/v1/subscription_items?subscription={id}",
                ["data"] = new JsonArray(new JsonObject
                {
                    ["id"] = NewId("si"), ["object"] = "subscription_item", ["created"] = Now, ["quantity"] = 1, ["subscription"] = id,
                    ["price"] = Prices[price].DeepClone(), ["current_period_start"] = Now, ["current_period_end"] = end,
                }),
            },
        };
        OwnedBy("sub of " + customer).Add(Subscriptions[id]);
        Happened("customer.subscription.created", Subscriptions[id]);
        var amount = trialDays > 0 ? 0 : Prices[price]["unit_amount"]!.GetValue<long>() * (100 - percentOff) / 100;
        Invoice(Subscriptions[id], amount, "subscription_create", isPaid: true);
        return id;
    }

    // One thing that is due, the earliest; whether there was one.
    private bool Step(JsonObject subscription)
    {
        var item = Item(subscription);
        var end = item["current_period_end"]!.GetValue<long>();
        var status = subscription["status"]!.GetValue<string>();
        var retry = status == "past_due" ? subscription["_retry_at"]?.GetValue<long>() : null;
        if (retry is { } at && at <= Now && at <= end)
        {
            Retry(subscription, at);
            return true;
        }

        if (end > Now) return false;
        if (subscription["cancel_at_period_end"]!.GetValue<bool>())
        {
            End(subscription, end);
            return true;
        }

        // The next period begins whether it is paid or not.
        item["current_period_start"] = end;
        item["current_period_end"] = PeriodAfter(end, item["price"]!["id"]!.GetValue<string>());
        var isPaid = CardWorks(subscription["customer"]!.GetValue<string>()) && status is not "unpaid";
        Invoice(subscription, item["price"]!["unit_amount"]!.GetValue<long>(), "subscription_cycle", isPaid, end);
        if (!isPaid && status is "active" or "trialing" && !isPaid)
        {
            subscription["status"] = "past_due";
            subscription["_retries"] = 0;
            subscription["_retry_at"] = end + (long)Retries[0].TotalSeconds;
            subscription["_failed_at"] = end;
        }
        else if (isPaid && status is "trialing")
        {
            subscription["status"] = "active";
        }

        Happened("customer.subscription.updated", subscription, end);
        return true;
    }

    private void Retry(JsonObject subscription, long at)
    {
        if (CardWorks(subscription["customer"]!.GetValue<string>()))
        {
            foreach (var invoice in OpenInvoices(subscription["id"]!.GetValue<string>())) Pay(invoice, at);
            subscription["status"] = "active";
            subscription["_retry_at"] = null;
            Happened("customer.subscription.updated", subscription, at);
            return;
        }

        foreach (var invoice in OpenInvoices(subscription["id"]!.GetValue<string>())) Happened("invoice.payment_failed", invoice, at);
        var tried = subscription["_retries"]!.GetValue<int>() + 1;
        subscription["_retries"] = tried;
        if (tried < Retries.Length)
        {
            subscription["_retry_at"] = subscription["_failed_at"]!.GetValue<long>() + (long)Retries[tried].TotalSeconds;
            return;
        }

        subscription["_retry_at"] = null;
        if (AfterRetries == "canceled")
        {
            End(subscription, at);
        }
        else if (AfterRetries == "unpaid")
        {
            subscription["status"] = "unpaid";
            Happened("customer.subscription.updated", subscription, at);
        }
    }

    private void End(JsonObject subscription, long? at = null)
    {
        if (subscription["ended_at"] is not null) return;
        subscription["status"] = "canceled";
        subscription["ended_at"] = at ?? Now;
        subscription["canceled_at"] ??= at ?? Now;
        Happened("customer.subscription.deleted", subscription, at);
    }

    private void Invoice(JsonObject subscription, long amount, string reason, bool isPaid, long? at = null)
    {
        var id = NewId("in");
        var invoice = new JsonObject
        {
            ["id"] = id, ["object"] = "invoice", ["number"] = id.ToUpperInvariant(), ["customer"] = subscription["customer"]!.GetValue<string>(), ["billing_reason"] = reason,
            ["status"] = "open", ["currency"] = "eur", ["total"] = amount, ["amount_due"] = amount, ["amount_paid"] = 0, ["amount_remaining"] = amount, ["created"] = at ?? Now,
            ["hosted_invoice_url"] = $"https://invoice.stripe.example/{id}", ["invoice_pdf"] = $"https://invoice.stripe.example/{id}/pdf", ["livemode"] = false,
            ["parent"] = new JsonObject
            {
                ["type"] = "subscription_details", ["subscription_details"] = new JsonObject { ["subscription"] = subscription["id"]!.GetValue<string>() },
            },
        };
        Invoices[id] = invoice;
        OwnedBy("in of " + subscription["id"]!.GetValue<string>()).Add(invoice);
        subscription["latest_invoice"] = id;
        if (isPaid) Pay(invoice, at);
        else Happened("invoice.payment_failed", invoice, at);
    }

    private void Pay(JsonObject invoice, long? at = null)
    {
        invoice["status"] = "paid";
        invoice["amount_paid"] = invoice["amount_due"]!.GetValue<long>();
        invoice["amount_remaining"] = 0;
        Happened("invoice.paid", invoice, at);
    }

    private List<JsonObject> OpenInvoices(string subscription) =>
        [.. InvoicesOf(subscription).Where(one => one["status"]!.GetValue<string>() == "open")];

    private JsonObject Charge(string customer, long amount)
    {
        var id = NewId("ch");
        var charge = new JsonObject
        {
            ["id"] = id, ["object"] = "charge", ["amount"] = amount, ["amount_refunded"] = 0, ["created"] = Now, ["currency"] = "eur", ["customer"] = customer,
            ["disputed"] = false, ["paid"] = true, ["refunded"] = false, ["status"] = "succeeded",
        };
        Charges[id] = charge;
        // The charge is in its payment, where callers expand it.
        return new JsonObject { ["id"] = NewId("pi"), ["object"] = "payment_intent", ["amount"] = amount, ["customer"] = customer, ["status"] = "succeeded", ["latest_charge"] = charge };
    }

    private long PeriodAfter(long start, string price)
    {
        var from = DateTimeOffset.FromUnixTimeSeconds(start);
        return (Prices[price]["recurring"]!["interval"]!.GetValue<string>() switch
        {
            "day" => from.AddDays(1),
            "week" => from.AddDays(7),
            "year" => from.AddYears(1),
            _ => from.AddMonths(1),
        }).ToUnixTimeSeconds();
    }

    private void Happened(string type, JsonObject what, long? at = null)
    {
        var id = NewId("evt");
        Events.Add(new JsonObject
        {
            ["id"] = id, ["object"] = "event", ["api_version"] = "2025-03-31.basil", ["created"] = Math.Max(at ?? Now, 0), ["type"] = type, ["livemode"] = false,
            ["pending_webhooks"] = 1, ["request"] = new JsonObject { ["id"] = null, ["idempotency_key"] = null },
            ["data"] = new JsonObject { ["object"] = FakeStripeApi.Visible(what) },
        });
    }
}
