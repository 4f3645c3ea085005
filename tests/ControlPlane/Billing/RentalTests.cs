using System.Net;
using System.Net.Http.Json;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Billing;

public sealed class RentalTests(BillingFixture fixture) : BillingTest(fixture)
{
    [Fact]
    public async Task Rental_PlaysOneFilmForItsHours_ThenNot()
    {
        var user = await App.SignInAsync("a@example.com");
        var (film, other) = (await App.PublishAsync("A"), await App.PublishAsync("B"));
        await SellAsync(film, "rental", "new");
        await SellAsync(other, "rental", "new");
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "rental_required");

        await RentAsync(user, film);
        var grant = await GrantAsync(user, film);
        Assert.Equal(HttpStatusCode.OK, grant.Status);
        (await GrantAsync(user, other)).IsProblem(HttpStatusCode.Forbidden, "rental_required");
        (await App.PostAsync("/api/payments/checkout", new { assetId = film.ToString() }, user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "already_entitled");

        user = await LaterAsync(user, TimeSpan.FromHours(47));
        var last = await GrantAsync(user, film);
        Assert.Equal(PlaybackTokenOutcome.Valid, Open(last, out var claims));
        // Six hours are granted as a rule: these end with the rental.
        Assert.Equal(new DateTimeOffset(2026, 3, 3, 10, 0, 0, TimeSpan.Zero), claims.Expires);
        user = await LaterAsync(user, TimeSpan.FromHours(1));
        Assert.Equal(PlaybackTokenOutcome.Expired, Open(last, out _));
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "rental_ended");
    }

    [Fact]
    public async Task Rental_ThatIsRefunded_EndsAtOnce()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SellAsync(film, "plan_or_rental", "new");
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "plan_required");
        var session = await RentAsync(user, film);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film)).Status);
        Stripe.Refund(session);
        await DeliverAsync();
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "plan_required");
        Assert.True((await App.GetAsync("/api/payments/rentals", user.AccessToken)).Json.GetProperty("items")[0].GetProperty("isRefunded").GetBoolean());
    }

    [Fact]
    public async Task Rental_InThePlanToo_NeedsNoRental()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        await SellAsync(film, "plan_or_rental", "new");
        await SubscribeAsync(user, Premium);
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(user, film)).Status);
        await SellAsync(film, "rental", "new");
        (await GrantAsync(user, film)).IsProblem(HttpStatusCode.Forbidden, "rental_required");
        await SellAsync(film, "free");
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(await App.SignInAsync("b@example.com"), film)).Status);
    }

    [Fact]
    public async Task Rental_ThatIsNotOnSale_IsRefused()
    {
        var user = await App.SignInAsync("a@example.com");
        var film = await App.PublishAsync("A");
        (await App.PostAsync("/api/payments/checkout", new { assetId = film.ToString() }, user.AccessToken)).IsProblem(HttpStatusCode.Conflict, "not_for_rent");
        (await App.PostAsync("/api/payments/checkout", new { assetId = $"{Guid.CreateVersion7():N}" }, user.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        await SellAsync(film, "rental", "new");
        (await App.PostAsync("/api/payments/checkout", new { assetId = film.ToString(), priceId = Premium }, user.AccessToken)).NamesFields("priceId");
    }

    [Fact]
    public async Task Rentals_ComeInPages_NewestFirst()
    {
        var user = await App.SignInAsync("a@example.com");
        var rented = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var film = await App.PublishAsync("A");
            await SellAsync(film, "rental", "new");
            await RentAsync(user, film);
            rented.Insert(0, film.ToString());
            // Two of them at the same second.
            if (i != 2) App.Clock.Advance(TimeSpan.FromMinutes(1));
        }

        var seen = new List<string>();
        for (string? next = ""; next is not null;)
        {
            var page = (await App.GetAsync($"/api/payments/rentals?limit=2{(next.Length == 0 ? "" : $"&after={next}")}", user.AccessToken)).Json;
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("assetId").GetString()!));
            next = page.GetProperty("next").GetString();
        }

        Assert.Equal(rented.Order(), seen.Order());
        Assert.Equal(rented[0], seen[0]);
        (await App.GetAsync("/api/payments/rentals?after=x&limit=x", user.AccessToken)).NamesFields("after", "limit");
    }

    [Fact]
    public async Task FilmTerms_AreSaidByEditorsAndReadByAnybody()
    {
        var film = await App.PublishAsync("A");
        Assert.Equal("plan", (await App.GetAsync($"/api/payments/films/{film}")).Json.GetProperty("access").GetString());
        await SellAsync(film, "rental", "new");
        var terms = (await App.GetAsync($"/api/payments/films/{film}")).Json;
        Assert.Equal("rental", terms.GetProperty("access").GetString());
        Assert.Equal((48, 500), (terms.GetProperty("rental").GetProperty("hours").GetInt32(), terms.GetProperty("rental").GetProperty("prices")[0].GetProperty("amount").GetInt32()));
        (await App.GetAsync("/api/payments/films/x")).IsProblem(HttpStatusCode.NotFound, "not_found");
    }

    [Theory]
    [InlineData(null, null, "access")]
    [InlineData("x", null, "access")]
    [InlineData("rental", null, "rental")]
    [InlineData("rental", "unknown", "rental")]
    [InlineData("rental", "No Code", "rental")]
    [InlineData("plan", "new", "rental")]
    public async Task FilmTerms_ThatCannotBe_AreNamed(string? access, string? rental, string field)
    {
        var editor = (await App.SignInAsync("e@example.com", Access.EditorRole)).AccessToken;
        (await App.SendAsync(HttpMethod.Put, $"/api/payments/films/{Guid.NewGuid():N}", JsonContent.Create(new { access, rental }), editor)).NamesFields(field);
    }

    private async Task<string> RentAsync(SignedInUser user, AssetId film)
    {
        var session = await OpenCheckoutAsync(user, new { assetId = film.ToString() });
        Assert.True(Stripe.CompleteCheckout(session));
        await DeliverAsync();
        return session;
    }
}
