using Movento.ControlPlane.Billing;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class EntitlementsTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 10, 0, 0, DateTimeKind.Utc);
    private static readonly BillingOptions Options = new() { Grace = TimeSpan.FromDays(7), RenewalSlack = TimeSpan.FromDays(1) };
    private static readonly Entitlements.FilmRow InPlans = Entitlements.FilmRow.InEveryPlan;

    [Theory]
    [InlineData("active", 0.1, null, "Entitled")]
    [InlineData("active", -0.9, null, "Entitled")] // it renews, and nothing newer could be read
    [InlineData("active", -1.1, null, "PlanEnded")]
    [InlineData("trialing", 0.1, null, "Entitled")]
    [InlineData("past_due", 20, -6.9, "Entitled")]
    [InlineData("past_due", 20, -7.1, "PaymentOverdue")]
    [InlineData("unpaid", 20, null, "PaymentOverdue")]
    [InlineData("canceled", 20, null, "PlanEnded")]
    [InlineData("paused", 20, null, "PlanEnded")]
    [InlineData("incomplete", 20, null, "NoPlan")]
    [InlineData("incomplete_expired", 20, null, "NoPlan")]
    [InlineData("something_new", 20, null, "PlanEnded")]
    public void Decide_ByStatusAndTime_IsAsTheTableSays(string status, double periodEnds, double? unpaidSince, string outcome) =>
        Assert.Equal(outcome, Decide(InPlans, null, Subscription(status, periodEnds, unpaidSince: unpaidSince)).Outcome.ToString());

    [Fact]
    public void Decide_OfACancelledPlan_EndsWithItsPeriodToTheSecond()
    {
        var ending = Subscription("active", 1, cancelAtPeriodEnd: true);
        Assert.Equal(Now.AddDays(1), Decide(InPlans, null, ending).Until);
        Assert.Equal(EntitlementOutcome.PlanEnded, Entitlements.Decide(InPlans, [ending], null, Now.AddDays(1), Options).Outcome);
        Assert.Equal(EntitlementOutcome.Entitled, Entitlements.Decide(InPlans, [ending], null, Now.AddDays(1).AddTicks(-1), Options).Outcome);
    }

    [Fact]
    public void Decide_OfSeveralPlans_TakesTheOneThatGivesTheMost()
    {
        var (small, large, over) = (Subscription("active", 9), Subscription("active", 5, streams: 4), Subscription("canceled", 9, streams: 9));
        Assert.Equal((4, Now.AddDays(6)), Decide(InPlans, null, small, large, over) is var best ? (best.Streams, best.Until.UtcDateTime) : default);
    }

    [Fact]
    public void Decide_OfARental_LooksAtTheRentalAlone()
    {
        var forRent = new Entitlements.FilmRow("rental", "new");
        var plan = Subscription("active", 9, streams: 4);
        Assert.Equal(EntitlementOutcome.NotRented, Decide(forRent, null, plan).Outcome);
        Assert.Equal(EntitlementOutcome.RentalEnded, Decide(forRent, new(Now, 0), plan).Outcome);
        var rented = Decide(forRent, new(Now.AddHours(1), 1080), plan);
        Assert.Equal((EntitlementOutcome.Entitled, Now.AddHours(1), 4, (ushort)1080), (rented.Outcome, rented.Until.UtcDateTime, rented.Streams, rented.MaxHeight));
        Assert.Equal(1, Decide(forRent, new(Now.AddHours(1), 0)).Streams);
    }

    private static Entitlement Decide(Entitlements.FilmRow film, Entitlements.RentalRow? rental, params SubscriptionRow[] subscriptions) =>
        Entitlements.Decide(film, subscriptions, rental, Now, Options);

    private static SubscriptionRow Subscription(string status, double periodEnds, bool cancelAtPeriodEnd = false, int streams = 1, double? unpaidSince = null) => new()
    {
        Id = "sub", ItemId = "si", PriceId = "price", Status = status, CreatedAt = Now.AddDays(-30), PeriodEnd = Now.AddDays(periodEnds),
        CancelAtPeriodEnd = cancelAtPeriodEnd, PlanCode = "plan", PlanName = "Plan", Streams = streams, MaxHeight = 0,
        UnpaidSince = unpaidSince is { } days ? Now.AddDays(days) : null,
    };
}
