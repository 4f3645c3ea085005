using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Movento.Servers.Stripe;

/// <summary>
/// The API of a <see cref="FakeStripe"/>: authentication, one version, form fields in brackets of which unknown ones are refused, lists by the page, and
/// idempotency keys under which the first answer comes again.
/// </summary>
public sealed class FakeStripeApi(FakeStripe stripe)
{
    private readonly Dictionary<string, (string Fingerprint, int Status, string Body)> _answered = [];

    /// <summary>What goes wrong with a call, by its method and path; none where it returns <see cref="Fault.None"/>.</summary>
    public Func<string, Fault>? FaultOf { get; set; }

    /// <summary>Calls that came, as <c>METHOD path</c>.</summary>
    public List<string> Calls { get; } = [];

    /// <summary>How often an answer was given again under its idempotency key.</summary>
    public int Replays { get; private set; }

    /// <summary>What can go wrong.</summary>
    public enum Fault
    {
        None,

        /// <summary>503, and nothing was done.</summary>
        Unavailable,

        /// <summary>It was done, but its answer is lost.</summary>
        LostAnswer,

        /// <summary>429, and nothing was done.</summary>
        TooMany,
    }

    /// <summary>Answers a call.</summary>
    /// <param name="fields">Of the query or the body, with their names as they came.</param>
    /// <param name="header">The value of a header; null where it is missing.</param>
    public (int Status, string Body) Answer(string method, string path, IReadOnlyList<KeyValuePair<string, string>> fields, Func<string, string?> header)
    {
        lock (stripe.Gate)
        {
            Calls.Add($"{method} {path}");
            if (header("Authorization") != $"Bearer {stripe.SecretKey}") return Error(401, "invalid_request_error", null);
            if (header("Stripe-Version") is null) return Error(400, "invalid_request_error", "no_version");
            var fault = FaultOf?.Invoke($"{method} {path}") ?? Fault.None;
            if (fault == Fault.Unavailable) return Error(503, "api_error", null);
            if (fault == Fault.TooMany) return Error(429, "rate_limit_error", "rate_limit");
            stripe.RunClock();

            (int, string) answer;
            if (method == "POST" && header("Idempotency-Key") is { } key)
            {
                var fingerprint = $"{path}?{string.Join('&', fields.Select(field => $"{field.Key}={field.Value}"))}";
                if (_answered.TryGetValue(key, out var before))
                {
                    if (before.Fingerprint != fingerprint) return Error(400, "idempotency_error", null);
                    Replays++;
                    answer = (before.Status, before.Body);
                }
                else
                {
                    var (status, body) = Route(method, path, fields);
                    _answered[key] = (fingerprint, status, body);
                    answer = (status, body);
                }
            }
            else if (method == "POST")
            {
                return Error(400, "invalid_request_error", "no_idempotency_key");
            }
            else
            {
                answer = Route(method, path, fields);
            }

            return fault == Fault.LostAnswer ? (0, "") : answer;
        }
    }

    /// <summary>An object without what is only ours, and with what its caller expanded.</summary>
    public static JsonObject Visible(JsonObject one, bool isExpanded = false)
    {
        var copy = one.DeepClone().AsObject();
        foreach (var name in copy.Select(member => member.Key).Where(name => name.StartsWith('_')).ToList()) copy.Remove(name);
        if (!isExpanded && copy["payment_intent"] is JsonObject payment) copy["payment_intent"] = payment["id"]!.GetValue<string>();
        return copy;
    }

    private (int Status, string Body) Route(string method, string path, IReadOnlyList<KeyValuePair<string, string>> fields)
    {
        var form = fields.ToDictionary(field => field.Key, field => field.Value);
        var parts = path.Trim('/').Split('/');
        return (method, parts) switch
        {
            ("POST", ["v1", "customers"]) => Known(form, @"^metadata\[\w+\]$") ?? Ok(stripe.Customers[stripe.AddCustomer(Metadata(form, "metadata"))]),
            ("GET", ["v1", "customers", var id]) => stripe.Customers.TryGetValue(id, out var customer)
                ? Ok(customer)
                : Ok(new JsonObject { ["id"] = id, ["object"] = "customer", ["deleted"] = true }),
            ("DELETE", ["v1", "customers", var id]) => Delete(id),
            ("GET", ["v1", "products"]) => Known(form, Paging) ?? Page(stripe.Products.Values, form),
            ("GET", ["v1", "prices"]) => Known(form, Paging) ?? Page(stripe.Prices.Values, form),
            ("GET", ["v1", "promotion_codes"]) => Known(form, Paging + "|^(code|active)$")
                ?? Page(stripe.PromotionCodes.Values.Where(one => Text(one, "code") == form.GetValueOrDefault("code")), form),
            ("POST", ["v1", "checkout", "sessions"]) => OpenSession(form),
            ("POST", ["v1", "checkout", "sessions", var id, "expire"]) => Expire(id),
            ("GET", ["v1", "checkout", "sessions"]) => Known(form, Paging + @"|^(customer|status|created\[gte\]|expand\[\])$") ?? OfCustomer(form)
                ?? Page(
                    stripe.SessionsOf(form["customer"]).Where(one => (!form.TryGetValue("status", out var status) || Text(one, "status") == status)
                        && (!form.TryGetValue("created[gte]", out var since) || Number(one, "created") >= long.Parse(since, CultureInfo.InvariantCulture))),
                    form,
                    form.GetValueOrDefault("expand[]") == "data.payment_intent.latest_charge"),
            ("POST", ["v1", "billing_portal", "sessions"]) => Known(form, "^(customer|return_url)$") ?? OfCustomer(form)
                ?? Ok(new JsonObject { ["id"] = stripe.NewId("bps"), ["object"] = "billing_portal.session", ["url"] = $"https://billing.stripe.example/p/{form["customer"]}" }),
            ("GET", ["v1", "subscriptions"]) => Known(form, Paging + "|^(customer|status)$") ?? OfCustomer(form)
                ?? Page(stripe.Of(form["customer"]).Where(one => form.GetValueOrDefault("status") == "all" || Text(one, "status") != "canceled"), form),
            ("POST", ["v1", "subscriptions", var id]) => ChangeSubscription(id, form),
            ("POST", ["v1", "invoices", "create_preview"]) => Preview(form),
            ("GET", ["v1", "invoices"]) => Known(form, Paging + "|^(customer|subscription|status)$")
                ?? Page(
                    (form.TryGetValue("subscription", out var subscription) ? stripe.InvoicesOf(subscription) : stripe.Of(form["customer"]).SelectMany(one => stripe.InvoicesOf(Text(one, "id")!)))
                        .Where(one => !form.TryGetValue("status", out var status) || Text(one, "status") == status),
                    form),
            ("GET", ["v1", "events"]) => Known(form, Paging + @"|^(created\[gte\]|types\[\d{1,2}\])$") ?? Events(form),
            _ => Error(404, "invalid_request_error", "resource_missing"),
        };
    }

    private (int, string) Delete(string customer)
    {
        if (!stripe.Customers.ContainsKey(customer)) return Error(404, "invalid_request_error", "resource_missing");
        stripe.DeleteCustomer(customer);
        return Ok(new JsonObject { ["id"] = customer, ["object"] = "customer", ["deleted"] = true });
    }

    private (int, string) OpenSession(Dictionary<string, string> form)
    {
        const string fields = @"^(mode|customer|client_reference_id|success_url|cancel_url|allow_promotion_codes|metadata\[\w+\]|line_items\[0\]\[(price|quantity)\]"
            + @"|discounts\[0\]\[promotion_code\]|subscription_data\[(trial_period_days|metadata\]\[\w+)\]|payment_intent_data\[metadata\]\[\w+\])$";
        if ((Known(form, fields) ?? OfCustomer(form)) is { } refused) return refused;
        if (!form.TryGetValue("line_items[0][price]", out var price) || !stripe.Prices.TryGetValue(price, out var sold)) return Error(400, "invalid_request_error", "resource_missing");
        if (form.ContainsKey("allow_promotion_codes") && form.ContainsKey("discounts[0][promotion_code]")) return Error(400, "invalid_request_error", null);
        var isPayment = form["mode"] == "payment";
        if (isPayment != sold["recurring"] is null) return Error(400, "invalid_request_error", null);
        var off = form.TryGetValue("discounts[0][promotion_code]", out var promotion) ? stripe.PromotionCodes[promotion]["coupon"]!["percent_off"]!.GetValue<int>() : 0;
        var id = stripe.NewId("cs_test");
        var metadata = new JsonObject();
        foreach (var (key, value) in Metadata(form, "metadata")) metadata[key] = value;
        var passedOn = new JsonObject();
        foreach (var (key, value) in Metadata(form, "subscription_data[metadata]")) passedOn[key] = value;
        stripe.Add(new JsonObject
        {
            ["id"] = id, ["object"] = "checkout.session", ["mode"] = form["mode"], ["status"] = "open", ["payment_status"] = "unpaid", ["created"] = stripe.Now,
            ["expires_at"] = stripe.Now + 86400, ["customer"] = form["customer"], ["client_reference_id"] = form.GetValueOrDefault("client_reference_id"),
            ["success_url"] = form["success_url"], ["cancel_url"] = form["cancel_url"], ["metadata"] = metadata, ["payment_intent"] = null, ["subscription"] = null,
            ["url"] = $"{CheckoutUrl}/c/{id}", ["amount_total"] = sold["unit_amount"]!.GetValue<long>() * (100 - off) / 100, ["currency"] = "eur",
            ["allow_promotion_codes"] = form.GetValueOrDefault("allow_promotion_codes") == "true", ["_price"] = price, ["_percent_off"] = off,
            ["_subscription_data"] = new JsonObject
            {
                ["metadata"] = passedOn,
                ["trial_period_days"] = form.TryGetValue("subscription_data[trial_period_days]", out var days) ? int.Parse(days, CultureInfo.InvariantCulture) : null,
            },
        });
        return Ok(stripe.Sessions[id]);
    }

    /// <summary>Where the pages of checkout sessions are.</summary>
    public string CheckoutUrl { get; set; } = "https://checkout.stripe.example";

    private (int, string) Expire(string id)
    {
        if (!stripe.Sessions.TryGetValue(id, out var session)) return Error(404, "invalid_request_error", "resource_missing");
        if (Text(session, "status") != "open") return Error(400, "invalid_request_error", null);
        stripe.Expire(session);
        return Ok(session);
    }

    private (int, string) ChangeSubscription(string id, Dictionary<string, string> form)
    {
        if (Known(form, @"^(cancel_at_period_end|proration_behavior|payment_behavior|items\[0\]\[(id|price)\])$") is { } refused) return refused;
        if (!stripe.Subscriptions.TryGetValue(id, out var subscription) || subscription["ended_at"] is not null) return Error(404, "invalid_request_error", "resource_missing");
        if (form.TryGetValue("items[0][price]", out var price))
        {
            if (!stripe.Prices.ContainsKey(price) || form["items[0][id]"] != Text(FakeStripe.Item(subscription), "id")) return Error(400, "invalid_request_error", "resource_missing");
            if (!stripe.ChangePrice(id, price, form.GetValueOrDefault("proration_behavior") == "always_invoice")) return Error(402, "card_error", "card_declined");
        }

        if (form.TryGetValue("cancel_at_period_end", out var cancel) && (cancel == "true") != subscription["cancel_at_period_end"]!.GetValue<bool>())
            stripe.SetCancelAtPeriodEnd(id, cancel == "true");
        return Ok(subscription);
    }

    private (int, string) Preview(Dictionary<string, string> form)
    {
        if (Known(form, @"^(customer|subscription|subscription_details\[(proration_behavior|items\]\[0\]\[(id|price))\])$") is { } refused) return refused;
        if (!stripe.Subscriptions.TryGetValue(form["subscription"], out var subscription)) return Error(404, "invalid_request_error", "resource_missing");
        var due = stripe.ProrationOf(subscription, form["subscription_details[items][0][price]"]);
        return Ok(new JsonObject
        {
            ["id"] = null, ["object"] = "invoice", ["currency"] = "eur", ["status"] = "draft", ["total"] = due, ["amount_due"] = Math.Max(0, due), ["amount_paid"] = 0, ["created"] = stripe.Now,
        });
    }

    private (int, string) Events(Dictionary<string, string> form)
    {
        var types = form.Where(field => field.Key.StartsWith("types[", StringComparison.Ordinal)).Select(field => field.Value).ToHashSet();
        if (types.Count > 20) return Error(400, "invalid_request_error", null);
        var since = long.Parse(form["created[gte]"], CultureInfo.InvariantCulture);
        return Page(stripe.Events.Where(one => Number(one, "created") >= since && (types.Count == 0 || types.Contains(Text(one, "type")!))), form);
    }

    // Newest first, as every list of Stripe's.
    private static (int, string) Page(IEnumerable<JsonObject> all, Dictionary<string, string> form, bool isExpanded = false)
    {
        var limit = form.TryGetValue("limit", out var text) ? int.Parse(text, CultureInfo.InvariantCulture) : 10;
        if (limit is < 1 or > 100) return Error(400, "invalid_request_error", null);
        var rest = all.OrderByDescending(one => Digits(Text(one, "id")!), StringComparer.Ordinal).AsEnumerable();
        if (form.TryGetValue("starting_after", out var after)) rest = rest.Where(one => string.CompareOrdinal(Digits(Text(one, "id")!), Digits(after)) < 0);
        var page = rest.Take(limit + 1).ToList();
        return Ok(new JsonObject
        {
            ["object"] = "list", ["has_more"] = page.Count > limit, ["url"] = "/v1",
            ["data"] = new JsonArray([.. page.Take(limit).Select(one => Visible(one, isExpanded))]),
        });
    }

    private (int, string)? OfCustomer(Dictionary<string, string> form) =>
        form.TryGetValue("customer", out var customer) && stripe.Customers.ContainsKey(customer) ? null : Error(400, "invalid_request_error", "resource_missing");

    private static (int, string)? Known(Dictionary<string, string> form, string pattern) =>
        form.Keys.All(name => Regex.IsMatch(name, pattern)) ? null : Error(400, "invalid_request_error", "parameter_unknown");

    private static Dictionary<string, string> Metadata(Dictionary<string, string> form, string name) => form
        .Where(field => field.Key.StartsWith(name + "[", StringComparison.Ordinal))
        .ToDictionary(field => field.Key[(name.Length + 1)..^1], field => field.Value);

    private static (int, string) Ok(JsonObject one) => (200, Visible(one).ToJsonString());

    private static (int, string) Error(int status, string type, string? code) => (status, new JsonObject
    {
        ["error"] = new JsonObject { ["type"] = type, ["code"] = code, ["message"] = "A sentence that may name what was sent." },
    }.ToJsonString());

    private static string? Text(JsonObject one, string name) => one[name]?.GetValue<string>();

    private static long Number(JsonObject one, string name) => one[name]!.GetValue<long>();

    private static string Digits(string id) => id[(id.LastIndexOf('_') + 1)..];

    private const string Paging = "^(limit|starting_after)$";
}
