using System.Net.Http.Json;
using System.Text.Json;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Movento.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class RunningHostTests(HostFixture fixture)
{
    [Fact]
    public async Task Ready_NamesEveryDependencyWithItsState()
    {
        var report = await fixture.Anonymous.GetFromJsonAsync<JsonElement>("/health/ready");

        Assert.Equal("healthy", report.GetProperty("status").GetString());
        Assert.Equal(
            ["billing database", "catalogue database", "disk of the object store", "disk of the work folder", "identity database", "ingest database", "masstransit-bus",
             "object store", "playback database", "quality database", "recommendations database", "viewing database"],
            Names(report));
    }

    [Fact]
    public async Task Startup_SaysThatMigrationsAreDone()
    {
        var report = await fixture.Anonymous.GetFromJsonAsync<JsonElement>("/health/startup");

        Assert.Equal("healthy", report.GetProperty("status").GetString());
        Assert.Superset(
            new HashSet<string>(Movento.Hosting.Databases.Schemas.Select(schema => schema + " schema")), Names(report).ToHashSet());
    }

    [Fact]
    public void Bus_TellsItsMakersNothing() =>
        Assert.False(fixture.Host.Api!.Services.GetRequiredService<IOptions<UsageTelemetryOptions>>().Value.Enabled);

    [Fact]
    public async Task Jwks_AfterARotation_HasBothKeys_WithoutARestart()
    {
        var options = fixture.Host.Options;
        var before = await KeysAsync();
        Movento.Secrets.SecretsFile.Change(options.SecretsFile, file => file.WithNewAccessTokenKey(
            TimeProvider.System.GetUtcNow(), options.ControlPlane.AccessTokenKeyOverlap, options.ControlPlane.AccessTokenLifetime));

        await Movento.Harness.Eventually.TrueAsync(async () => (await KeysAsync()).Length == before.Length + 1, "the new key is in the JWKS");
        Assert.Subset((await KeysAsync()).ToHashSet(), before.ToHashSet());

        async Task<string[]> KeysAsync() =>
            [.. (await fixture.Anonymous.GetFromJsonAsync<JsonElement>("/.well-known/jwks.json")).GetProperty("keys").EnumerateArray().Select(key => key.GetProperty("kid").GetString()!)];
    }

    private static IEnumerable<string> Names(JsonElement report) => report.GetProperty("checks").EnumerateArray()
        .Select(check => check.GetProperty("name").GetString()!).Order();
}
