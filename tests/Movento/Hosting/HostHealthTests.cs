using System.Net.Http.Json;
using System.Text.Json;

namespace Movento.Tests.Hosting;

[Collection(HostCollection.Name)]
public sealed class HostHealthTests(HostFixture fixture)
{
    [Fact]
    public async Task Ready_NamesEveryDependencyWithItsState()
    {
        var report = await fixture.Anonymous.GetFromJsonAsync<JsonElement>("/health/ready");

        Assert.Equal("healthy", report.GetProperty("status").GetString());
        Assert.Equal(
            ["billing database", "catalogue database", "identity database", "ingest database", "masstransit-bus", "object store", "playback database",
             "quality database", "recommendations database", "viewing database"],
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

    private static IEnumerable<string> Names(JsonElement report) => report.GetProperty("checks").EnumerateArray()
        .Select(check => check.GetProperty("name").GetString()!).Order();
}
