using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Harness;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

/// <summary>The whole system in this process, every role of it, with a PostgreSQL of its own.</summary>
public sealed class HostFixture : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private MoventoHost? _host;

    public MoventoHost Host => _host!;

    /// <summary>Nobody in particular.</summary>
    public HttpClient Anonymous { get; private set; } = null!;

    /// <summary>Signed in as the operator.</summary>
    public HttpClient Operator { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        var options = OptionsReader.Read(new DataFolder(_folder.Combine("data")), new Dictionary<string, string?>
        {
            ["Movento:Api:Url"] = "http://127.0.0.1:0",
            ["Movento:EdgeServer:Url"] = "http://127.0.0.1:0",
            ["Movento:ControlPlane:PasswordCost"] = "10",
        });
        _host = await MoventoHost.StartAsync(options, _folder.Combine("log.json"), _ => { }, CancellationToken.None);
        var address = new Uri(MoventoHost.AddressOf(_host.Api!));
        Anonymous = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
        Operator = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = address };
        using var answer = await Anonymous.PostAsJsonAsync(
            "/api/auth/login", new { email = _host.Secrets.OperatorEmail, password = _host.Secrets.OperatorPassword });
        answer.EnsureSuccessStatusCode();
        var session = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Operator.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", session.GetProperty("accessToken").GetString());
    }

    public async Task DisposeAsync()
    {
        Anonymous?.Dispose();
        Operator?.Dispose();
        if (_host is not null) await _host.DisposeAsync();
        _folder.Dispose();
    }
}

/// <summary>The tests that share <see cref="HostFixture"/>.</summary>
[CollectionDefinition(Name)]
#pragma warning disable CA1711 // xunit's word for it
public sealed class HostCollection : ICollectionFixture<HostFixture>
#pragma warning restore CA1711
{
    public const string Name = "Host";
}
