using System.Net;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Recommendations.Views;
using Movento.Harness;
using Movento.Servers.Stripe;

namespace Movento.ControlPlane.Tests.Billing;

/// <summary>An account that is deleted is gone in every area, and pays for nothing any more.</summary>
public sealed class ClosedAccountTests(BillingFixture fixture) : BillingTest(fixture)
{
    [Fact]
    public async Task Account_ThatIsDeleted_LeavesNothingAnywhere_AndPaysNoMore()
    {
        var film = await App.PublishAsync("A");
        await SellAsync(film, "plan_or_rental", "new");
        var (user, other) = (await App.SignInAsync("a@example.com"), await App.SignInAsync("b@example.com"));
        foreach (var one in (SignedInUser[])[user, other])
        {
            await SubscribeAsync(one, Premium);
            Assert.Equal(HttpStatusCode.OK, (await GrantAsync(one, film)).Status);
        }

        var views = App.Services.GetRequiredService<ViewingRecords>();
        await Eventually.TrueAsync(async () => (await views.HistoryOfAsync(Guid.Parse(user.Id), 1, default)).Length > 0, "the view is recorded");
        var beat = await App.PostAsync(
            "/api/viewing/heartbeats", new { items = new[] { new { assetId = film.ToString(), position = 20, duration = 60 } } }, user.AccessToken);
        Assert.True((int)beat.Status < 300, beat.Text);
        Assert.Equal(1, await CountAsync(App.Databases.Viewing, "watched", user));
        var customer = await CustomerOfAsync(user);
        var others = await CustomerOfAsync(other);

        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken)).Status);

        await Eventually.TrueAsync(() => !Stripe.Customers.ContainsKey(customer!), "Stripe forgets the customer");
        Assert.All(Stripe.Of(customer!), subscription => Assert.NotNull(subscription["ended_at"]));
        await Eventually.TrueAsync(
            async () => await CustomerOfAsync(user) is null && await CountAsync(App.Databases.Playback, "devices", user) == 0 && await CountAsync(App.Databases.Viewing, "watched", user) == 0
                && (await views.HistoryOfAsync(Guid.Parse(user.Id), 1, default)).Length == 0,
            "every area forgets the user");
        Assert.Equal(0, await CountAsync(App.Databases.Billing, "subscriptions", user));

        // Announced again, and to somebody who was never a customer.
        await App.Services.GetRequiredService<IBus>().Publish(new AccountDeleted(Guid.Parse(user.Id), App.Clock.Now));
        await App.Services.GetRequiredService<IBus>().Publish(new AccountDeleted(Guid.NewGuid(), App.Clock.Now));
        Assert.True(Stripe.Customers.ContainsKey(others!));
        Assert.Equal(HttpStatusCode.OK, (await GrantAsync(other, film)).Status);
    }

    [Fact]
    public async Task Account_DeletedWhileStripeIsAway_IsClosedThereLater()
    {
        var user = await App.SignInAsync("a@example.com");
        await SubscribeAsync(user, Premium);
        var customer = await CustomerOfAsync(user);
        // More often than one attempt of ours asks; then it is done, and nobody hears of it.
        var asked = 0;
        Api.FaultOf = call => !call.StartsWith("DELETE", StringComparison.Ordinal) ? FakeStripeApi.Fault.None
            : ++asked <= 5 ? FakeStripeApi.Fault.Unavailable
            : asked == 6 ? FakeStripeApi.Fault.LostAnswer
            : FakeStripeApi.Fault.None;
        await App.SendAsync(HttpMethod.Delete, "/api/users/me", accessToken: user.AccessToken);
        await Eventually.TrueAsync(() => !Stripe.Customers.ContainsKey(customer!), "it was tried again");
        await Eventually.TrueAsync(async () => await CustomerOfAsync(user) is null, "nothing is kept");
    }

    private async Task<string?> CustomerOfAsync(SignedInUser user)
    {
        await using var connection = await App.Databases.Billing.OpenConnectionAsync();
        return await connection.QuerySingleOrDefaultAsync<string?>("SELECT id FROM customers WHERE user_id = @id", new { id = Guid.Parse(user.Id) });
    }

    private static async Task<long> CountAsync(Npgsql.NpgsqlDataSource source, string table, SignedInUser user)
    {
        await using var connection = await source.OpenConnectionAsync();
        return await connection.QuerySingleAsync<long>($"SELECT count(*) FROM {table} WHERE user_id = @id", new { id = Guid.Parse(user.Id) });
    }
}
