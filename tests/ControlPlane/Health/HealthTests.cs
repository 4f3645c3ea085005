using System.Net;
using System.Text.Json;
using Movento.Harness;
using Npgsql;

namespace Movento.ControlPlane.Tests.Health;

[Collection(ControlPlaneCollection.Name)]
public sealed class HealthTests(ControlPlaneFixture fixture)
{
    [Fact]
    public async Task Ready_WithEveryDependency_Returns200AndNamesThem()
    {
        await using var app = await ControlPlaneApp.StartAsync(fixture.Databases);
        var ready = await app.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal("healthy", ready.Json.GetProperty("status").GetString());
        var checks = ready.Json.GetProperty("checks").EnumerateArray().ToArray();
        Assert.Equal(
            ["billing database", "catalogue database", "identity database", "masstransit-bus", "playback database", "quality database", "recommendations database", "viewing database"],
            checks.Select(check => check.GetProperty("name").GetString()!).Order());
        Assert.All(checks, check => Assert.Equal("healthy", check.GetProperty("status").GetString()));
        Assert.All(checks, check => Assert.False(check.TryGetProperty("reason", out _)));
    }

    [Fact]
    public async Task Ready_WithoutADatabase_Returns503AndSaysWhich_ButNothingOfIt()
    {
        await using var nowhere = NpgsqlDataSource.Create(
            $"Host=127.0.0.1;Port={FreePort.Next()};Username=secret-account;Password=secret-password;Database=catalogue");
        await using var app = await ControlPlaneApp.StartAsync(fixture.Databases with { Catalogue = nowhere });
        var ready = await app.GetAsync("/health/ready");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.Status);
        Assert.Equal("unhealthy", ready.Json.GetProperty("status").GetString());
        Assert.Equal("The database cannot be reached.", Check(ready, "catalogue database").GetProperty("reason").GetString());
        Assert.Equal("healthy", Check(ready, "identity database").GetProperty("status").GetString());
        Assert.DoesNotContain("secret", ready.Text, StringComparison.Ordinal);
        Assert.DoesNotContain("127.0.0.1", ready.Text, StringComparison.Ordinal);

        var list = await app.GetAsync("/api/movies");
        list.IsProblem(HttpStatusCode.ServiceUnavailable, "unavailable");
        Assert.Equal(TimeSpan.FromSeconds(5), list.Headers.RetryAfter?.Delta);

        var live = await app.GetAsync("/health/live");
        Assert.Equal(HttpStatusCode.OK, live.Status);
        Assert.Equal("""{"status":"healthy","checks":[]}""", live.Text);
    }

    [Fact]
    public async Task Ready_WithoutTheFiguresOfPlaybacks_IsDegradedAndServes()
    {
        await using var nowhere = NpgsqlDataSource.Create($"Host=127.0.0.1;Port={FreePort.Next()};Username=a;Database=quality");
        await using var app = await ControlPlaneApp.StartAsync(fixture.Databases with { Quality = nowhere });
        var ready = await app.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.OK, ready.Status);
        Assert.Equal("degraded", ready.Json.GetProperty("status").GetString());
        Assert.Equal("The database cannot be reached.", Check(ready, "quality database").GetProperty("reason").GetString());
    }

    private static JsonElement Check(Answer answer, string name) =>
        Assert.Single(answer.Json.GetProperty("checks").EnumerateArray(), check => check.GetProperty("name").GetString() == name);
}
