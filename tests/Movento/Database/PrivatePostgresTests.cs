using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Database;
using Movento.Harness;
using Npgsql;

namespace Movento.Tests.Database;

public sealed class PrivatePostgresTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Fact]
    public async Task Data_AfterStopAndStart_IsThere()
    {
        await using (var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: true, CancellationToken.None))
            await ExecuteAsync(postgres, "create table film (title text); insert into film values ('Big Buck Bunny')");

        await using (var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: true, CancellationToken.None))
            Assert.Equal("Big Buck Bunny", await ExecuteAsync(postgres, "select title from film"));
    }

    [Fact]
    public async Task Start_OverAClusterThatAKilledProcessLeftRunning_TakesItOver()
    {
        var abandoned = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: true, CancellationToken.None);
        await ExecuteAsync(abandoned, "create table film (title text); insert into film values ('Sintel')");

        await using var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: true, CancellationToken.None);

        Assert.Equal("Sintel", await ExecuteAsync(postgres, "select title from film"));
    }

    [Fact]
    public async Task Start_InAFolderWithALongPathAndAQuote_Answers()
    {
        var folder = _folder.Combine(new string('x', 100), "it's", "pg");

        await using var postgres = await PrivatePostgres.StartAsync(folder, durable: false, CancellationToken.None);

        Assert.Equal(1, await ExecuteAsync(postgres, "select 1"));
    }

    [Fact]
    public async Task Watch_WhenThePostmasterIsKilled_StartsItAgainWithWhatWasCommitted()
    {
        await using var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: true, CancellationToken.None);
        await ExecuteAsync(postgres, "create table film (title text); insert into film values ('Elephants Dream')");
        await using var watch = new PostgresWatch(postgres, TimeProvider.System, NullLogger.Instance);
        Assert.True(postgres.IsAlive);

        for (var round = 0; round < 2; round++)
        {
            var first = Postmaster();
            using (var process = Process.GetProcessById(first)) process.Kill();
            await Eventually.TrueAsync(() => postgres.IsAlive && Postmaster() != first, "another postmaster");
            await Eventually.GetAsync(() => TitleAsync(postgres), "an answer of the database");
        }

        int Postmaster() => int.Parse(File.ReadLines(_folder.Combine("pg", "cluster", "postmaster.pid")).First(), CultureInfo.InvariantCulture);
    }

    [Fact]
    public async Task Watch_ThatIsOver_LetsAStoppedClusterRest()
    {
        var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: false, CancellationToken.None);
        await using (new PostgresWatch(postgres, TimeProvider.System, NullLogger.Instance))
            Assert.True(postgres.IsAlive);
        await postgres.DisposeAsync();

        Assert.False(postgres.IsAlive);
    }

    [Fact]
    public async Task Cluster_WhileItRuns_ListensOnNoNetworkAddress()
    {
        await using var postgres = await PrivatePostgres.StartAsync(_folder.Combine("pg"), durable: false, CancellationToken.None);

        Assert.Equal("", await ExecuteAsync(postgres, "show listen_addresses"));
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<string?> TitleAsync(PrivatePostgres postgres)
    {
        try
        {
            return await ExecuteAsync(postgres, "select title from film") as string;
        }
        catch (NpgsqlException error) when (error.IsTransient)
        {
            return null;
        }
    }

    private static async Task<object?> ExecuteAsync(PrivatePostgres postgres, string sql)
    {
        // Not pooled: a pool would keep sockets to a server that the test stops.
        await using var connection = new NpgsqlConnection(postgres.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection);
        return await command.ExecuteScalarAsync();
    }
}
