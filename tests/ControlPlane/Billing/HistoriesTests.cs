using System.Diagnostics;
using System.Net;
using System.Text.Json.Nodes;
using Dapper;
using Movento.Servers.Stripe;
using Xunit.Abstractions;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>
/// A thousand customers, each with a random history of purchases, changes, failed payments and refunds, whose webhooks come twice, late, in any order, or
/// never, while calls of Stripe fail. In the end our record is what Stripe has.
/// </summary>
public sealed class HistoriesTests(BillingFixture fixture, ITestOutputHelper output) : BillingTest(fixture)
{
    private const int Histories = 1000;

    private const int Rounds = 4;

    private const int AtOnce = 8;

    private static readonly (int Every, int Calls) Outage = (900, 120);

    private string[] _plans = [];

    [Fact]
    public async Task Histories_WithWebhooksLostLateTwiceAndOutOfOrder_ConvergeToWhatStripeHas()
    {
        var seed = int.TryParse(Environment.GetEnvironmentVariable("MOVENTO_SEED"), out var given) ? given : Random.Shared.Next();
        output.WriteLine($"MOVENTO_SEED={seed}");
        var random = new Random(seed);
        var (watch, cpu) = (Stopwatch.StartNew(), Environment.CpuUsage.TotalTime);

        var customers = new Dictionary<string, Guid>();
        for (var i = 0; i < Histories; i++)
        {
            var user = Guid.CreateVersion7();
            customers[Stripe.AddCustomer(new Dictionary<string, string> { ["movento_user"] = user.ToString("N") })] = user;
        }

        await using (var connection = await App.Billing.OpenConnectionAsync())
        {
            await connection.ExecuteAsync(
                "INSERT INTO customers (id, user_id, created_at) SELECT id, user_id, @now FROM unnest(@ids, @users) AS t (id, user_id)",
                new { ids = customers.Keys.ToArray(), users = customers.Values.ToArray(), now = App.Clock.Now });
        }

        // Plans of a week, so that some renew, fail and end within what Stripe remembers.
        _plans = [Weekly(Basic), Weekly(Premium)];
        await DeliverAsync();
        await SweepAsync();
        var faults = new Random(seed + 1);
        // A tenth of all calls fails, and now and then all of them do for a while: what a webhook could not read comes again.
        var calls = 0;
        Api.FaultOf = _ => ++calls % Outage.Every < Outage.Calls || faults.Next(20) == 0 ? FakeStripeApi.Fault.Unavailable : faults.Next(20) == 0 ? FakeStripeApi.Fault.LostAnswer : FakeStripeApi.Fault.None;
        var (happened, lost, sent, refused) = (Stripe.Events.Count, 0, 0, 0);
        var underway = new List<(int Round, JsonObject Event)>();
        for (var round = 0; round < Rounds; round++)
        {
            foreach (var (customer, user) in customers) Act(random, customer, user);
            App.Clock.Advance(TimeSpan.FromHours(random.Next(1, 24 * 7)));
            Stripe.RunClock();

            // What becomes of each event: lost, or brought now or later, once or twice.
            for (; happened < Stripe.Events.Count; happened++)
            {
                if (random.Next(5) == 0)
                {
                    lost++;
                    continue;
                }

                for (var copy = random.Next(5) == 0 ? 2 : 1; copy > 0; copy--) underway.Add((round + (random.Next(3) == 0 ? random.Next(1, Rounds) : 0), Stripe.Events[happened]));
            }

            var due = underway.Where(one => one.Round <= round || round == Rounds - 1).Select(one => one.Event).ToArray();
            underway.RemoveAll(one => one.Round <= round);
            random.Shuffle(due);
            var again = new List<JsonObject>();
            foreach (var some in due.Chunk(AtOnce))
            {
                var answers = await Task.WhenAll(some.Select(DeliverAsync));
                for (var i = 0; i < some.Length; i++)
                {
                    sent++;
                    if (answers[i] == HttpStatusCode.OK) continue;
                    Assert.Equal(HttpStatusCode.ServiceUnavailable, answers[i]);
                    refused++;
                    again.Add(some[i]);
                }
            }

            underway.AddRange(again.Select(one => (round + 1, one)));
        }

        Api.FaultOf = null;
        var before = await DifferencesAsync(customers);
        var found = await SweepAsync();
        var after = await DifferencesAsync(customers);
        output.WriteLine(
            $"{Histories} histories, {Stripe.Events.Count} events, {lost} lost, {sent} webhooks of which {refused} had to come again; "
            + $"{before.Count} records were wrong before the sweep, which found {found} events; {after.Count} after it; {watch.Elapsed.TotalSeconds:0.0} s, "
            + $"{(Environment.CpuUsage.TotalTime - cpu).TotalSeconds:0.0} s of processors");
        // A history whose every word arrived would prove nothing.
        Assert.NotEmpty(before);
        Assert.Empty(after);
    }

    private string Weekly(string monthly) =>
        Stripe.AddPrice("Weekly", Stripe.Prices[monthly]["unit_amount"]!.GetValue<long>() / 4, "week", Stripe.Prices[monthly]["product"]!.GetValue<string>());

    private void Act(Random random, string customer, Guid user)
    {
        var subscription = Stripe.Of(customer).FirstOrDefault(one => one["ended_at"] is null);
        var id = subscription?["id"]!.GetValue<string>();
        switch (random.Next(10))
        {
            case < 4 when id is null:
                Complete(customer, user, new JsonObject { ["mode"] = "subscription", ["_price"] = _plans[random.Next(2)], ["days"] = random.Next(2) * 14 });
                break;
            case < 2:
                Stripe.ChangePrice(id!, _plans[random.Next(2)], random.Next(2) == 0);
                break;
            case 2:
                Stripe.SetCancelAtPeriodEnd(id!, random.Next(3) > 0);
                break;
            case 3:
                Stripe.Cancel(id!);
                break;
            case 4 or 5:
                Stripe.SetCard(customer, works: false);
                break;
            case 6:
                Stripe.SetCard(customer, works: true);
                if (id is not null) Stripe.PayOpenInvoices(id);
                break;
            case 7:
                Complete(customer, user, new JsonObject { ["mode"] = "payment", ["_price"] = NewRelease });
                break;
            case 8:
                if (Stripe.SessionsOf(customer).FirstOrDefault(one => one["payment_intent"] is not null) is { } rented)
                    Stripe.Refund(rented["id"]!.GetValue<string>());
                break;
        }
    }

    private void Complete(string customer, Guid user, JsonObject order)
    {
        var id = Stripe.NewId("cs_test");
        var isPayment = order["mode"]!.GetValue<string>() == "payment";
        var price = order["_price"]!.GetValue<string>();
        var metadata = new JsonObject { ["movento_user"] = user.ToString("N") };
        if (isPayment)
        {
            metadata["movento_asset"] = Guid.CreateVersion7().ToString("N");
            metadata["movento_hours"] = "48";
            metadata["movento_product"] = Stripe.Prices[price]["product"]!.GetValue<string>();
        }

        Stripe.Add(new JsonObject
        {
            ["id"] = id, ["object"] = "checkout.session", ["mode"] = order["mode"]!.GetValue<string>(), ["status"] = "open", ["payment_status"] = "unpaid",
            ["created"] = Stripe.Now, ["expires_at"] = Stripe.Now + 86400, ["customer"] = customer, ["metadata"] = metadata, ["payment_intent"] = null, ["subscription"] = null,
            ["url"] = "https://checkout.stripe.example", ["amount_total"] = Stripe.Prices[price]["unit_amount"]!.GetValue<long>(), ["_price"] = price, ["_percent_off"] = 0,
            ["_subscription_data"] = new JsonObject { ["metadata"] = new JsonObject(), ["trial_period_days"] = order["days"]?.GetValue<int>() },
        });
        Stripe.CompleteCheckout(id);
    }

    private async Task<List<string>> DifferencesAsync(Dictionary<string, Guid> customers)
    {
        await using var connection = await App.Billing.OpenConnectionAsync();
        var subscriptions = (await connection.QueryAsync<(string Id, Guid User, string Price, string Status, DateTime Start, DateTime End, bool Cancel, DateTime? Ended, DateTime? Unpaid)>(
            "SELECT id, user_id, price_id, status, period_start, period_end, cancel_at_period_end, ended_at, unpaid_since FROM subscriptions")).ToDictionary(row => row.Id);
        var rentals = (await connection.QueryAsync<(string Id, Guid User, bool Refunded)>("SELECT id, user_id, is_refunded FROM rentals")).ToDictionary(row => row.Id);
        var wrong = new List<string>();
        foreach (var (id, theirs) in Stripe.Subscriptions)
        {
            var item = FakeStripe.Item(theirs);
            var status = theirs["status"]!.GetValue<string>();
            var expected = (
                id, customers[theirs["customer"]!.GetValue<string>()], item["price"]!["id"]!.GetValue<string>(), status, Time(item["current_period_start"])!.Value,
                Time(item["current_period_end"])!.Value, theirs["cancel_at_period_end"]!.GetValue<bool>(), Time(theirs["ended_at"]),
                status == "past_due"
                    ? Stripe.InvoicesOf(id).Where(one => one["status"]!.GetValue<string>() == "open").Min(one => Time(one["created"]))
                    : null);
            if (!subscriptions.Remove(id, out var ours) || ours != expected) wrong.Add($"{expected} is {ours}");
        }

        foreach (var (id, theirs) in Stripe.Sessions.Where(one => one.Value["payment_intent"] is not null))
        {
            var expected = (id, customers[theirs["customer"]!.GetValue<string>()], theirs["payment_intent"]!["latest_charge"]!["refunded"]!.GetValue<bool>());
            // One that is over is not read again, and a refund of it changes nothing.
            var isOver = theirs["created"]!.GetValue<long>() < (App.Clock.Now - TimeSpan.FromDays(33)).ToUnixTimeSeconds();
            if (!rentals.Remove(id, out var ours) ? !isOver : ours != expected && !isOver) wrong.Add($"{expected} is {ours}");
        }

        wrong.AddRange(subscriptions.Keys.Concat(rentals.Keys).Select(id => $"{id} is not at Stripe"));
        return wrong;
    }

    private static DateTime? Time(JsonNode? seconds) => seconds is null ? null : DateTimeOffset.FromUnixTimeSeconds(seconds.GetValue<long>()).UtcDateTime;
}
