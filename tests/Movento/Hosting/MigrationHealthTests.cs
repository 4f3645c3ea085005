using System.Net;
using System.Text.Json;
using Movento.Database;
using Movento.Harness;
using Movento.Hosting;
using Npgsql;

namespace Movento.Tests.Hosting;

/// <summary>A control plane whose database is put back behind its code while it runs, as one that is restored from a copy.</summary>
public sealed class MigrationHealthTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Startup_WithMigrationsThatAreNotApplied_Is503AndNamesThem_ButNothingElse()
    {
        await using var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: false, CancellationToken.None);
        var options = OptionsReader.Read(new DataFolder(_folder.Combine("data")), new Dictionary<string, string?>
        {
            ["Movento:Api:Url"] = "http://127.0.0.1:0",
            ["Movento:EdgeServer:Url"] = "http://127.0.0.1:0",
            ["Movento:Database:ConnectionString"] = postgres.ConnectionString,
        });
        await using var host = await MoventoHost.StartAsync(options, _folder.Combine("log.json"), _ => { }, CancellationToken.None);
        using var http = new HttpClient { BaseAddress = new Uri(MoventoHost.AddressOf(host.Api!)) };
        var (status, report) = await AskAsync(http);
        Assert.Equal(HttpStatusCode.OK, status);
        Assert.DoesNotContain("reason", report.GetRawText(), StringComparison.Ordinal);

        // 1. The newest two of one schema, and all of another.
        await ExecuteAsync(postgres, "delete from identity.migrations where number > (select max(number) - 2 from identity.migrations); alter table viewing.migrations rename to other");
        await Eventually.TrueAsync(
            async () =>
            {
                (status, report) = await AskAsync(http);
                return status == HttpStatusCode.ServiceUnavailable;
            },
            "the start is not done");
        Assert.Equal("unhealthy", report.GetProperty("status").GetString());
        Assert.Matches(@"^Migrations that are not applied: 00\d\d_\w+\.sql, 00\d\d_\w+\.sql\.$", ReasonOf("identity schema"));
        Assert.StartsWith("Migrations that are not applied: 0001_watched.sql, 0002_profiles.sql", ReasonOf("viewing schema"), StringComparison.Ordinal);
        Assert.Null(ReasonOf("catalogue schema"));
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        foreach (var secret in new[] { connection.Host, connection.Username, connection.Password }.OfType<string>())
            Assert.DoesNotContain(secret, report.GetRawText(), StringComparison.Ordinal);

        // 2. It is alive all the while, and ready for what it can do.
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live")).StatusCode);
        await ExecuteAsync(postgres, "alter table viewing.other rename to migrations");
        await Eventually.TrueAsync(
            async () =>
            {
                (status, report) = await AskAsync(http);
                return ReasonOf("viewing schema") is null && ReasonOf("identity schema") is not null;
            },
            "one schema is as it should be again");

        string? ReasonOf(string check) => report.GetProperty("checks").EnumerateArray().Single(one => one.GetProperty("name").GetString() == check)
            .TryGetProperty("reason", out var reason) ? reason.GetString() : null;
    }

    private static async Task<(HttpStatusCode Status, JsonElement Report)> AskAsync(HttpClient http)
    {
        using var answer = await http.GetAsync("/health/startup");
        return (answer.StatusCode, JsonSerializer.Deserialize<JsonElement>(await answer.Content.ReadAsStringAsync()));
    }

    private static async Task ExecuteAsync(PrivatePostgres postgres, string sql)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
