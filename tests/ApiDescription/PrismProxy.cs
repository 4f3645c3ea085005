using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.RegularExpressions;
using Movento.Harness;

namespace Movento.ApiDescription.Tests;

/// <summary>
/// Stoplight's Prism before the host: it holds every request and every answer against the document, and says in a header what is wrong. An answer is never wrong; a request
/// is only where the host refuses it too.
/// </summary>
public sealed class PrismProxy : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(60);

    private readonly Process _prism;
    private readonly HttpClient _http;
    private readonly List<string> _wrong = [];

    private PrismProxy(Process prism, Uri url) => (_prism, _http) = (prism, new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = url });

    /// <summary>What broke the document's word.</summary>
    public IReadOnlyList<string> Wrong => _wrong;

    /// <summary>Whose token is sent; null for nobody's.</summary>
    public string? AccessToken { get; set; }

    public static async Task<PrismProxy> StartAsync(string document, Uri host)
    {
        var script = Repository.Combine("tests", "npm", "node_modules", "@stoplight", "prism-cli", "dist", "index.js");
        if (!File.Exists(script)) throw new FileNotFoundException("Prism is missing: run 'npm ci' in tests/npm.", script);
        var port = FreePort.Next();
        var prism = Process.Start(new ProcessStartInfo(
            "/bin/sh", ["-c", "exec \"$@\" >/dev/null 2>&1", "sh", "node", script, "proxy", document, host.AbsoluteUri.TrimEnd('/'), "-h", "127.0.0.1", "-p", $"{port}", "--cors", "false"]))!;
        var proxy = new PrismProxy(prism, new Uri($"http://127.0.0.1:{port}"));
        await Eventually.TrueAsync(
            () => prism.HasExited ? throw new InvalidOperationException($"Prism ended with {prism.ExitCode}.") : FreePort.IsTakenAsync(port), "Prism listens", StartLimit);
        return proxy;
    }

    public Task<ProxiedAnswer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<ProxiedAnswer> PostAsync(string path, object? json = null, params (string Name, string Value)[] headers) =>
        SendAsync(HttpMethod.Post, path, json is null ? null : Json(json), headers);

    public static HttpContent Json(object json) => new StringContent(JsonSerializer.Serialize(json), new MediaTypeHeaderValue("application/json"));

    /// <summary>Sends a request, and notes what Prism says of it.</summary>
    public async Task<ProxiedAnswer> SendAsync(HttpMethod method, string path, HttpContent? content = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        foreach (var (name, value) in headers) request.Headers.TryAddWithoutValidation(name, value);
        if (AccessToken is not null) request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", AccessToken);
        using var response = await _http.SendAsync(request);
        var text = await response.Content.ReadAsStringAsync();
        // A request that is refused may be wrong; Prism says so besides, and answers by itself where the document has no such path.
        if (response.Headers.TryGetValues("sl-violations", out var said))
        {
            using var violations = JsonDocument.Parse(string.Concat(said));
            foreach (var violation in violations.RootElement.EnumerateArray())
            {
                var place = violation.GetProperty("location").EnumerateArray().First().GetString();
                if (place != "request" || response.IsSuccessStatusCode) _wrong.Add($"{method} {path} → {(int)response.StatusCode}: {violation}");
            }
        }

        if (text.Contains("stoplight.io", StringComparison.Ordinal)) _wrong.Add($"{method} {path}: {text}");
        return new ProxiedAnswer(response.StatusCode, response.Headers, text);
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        _prism.Kill(entireProcessTree: true);
        await _prism.WaitForExitAsync();
        _prism.Dispose();
    }
}

/// <summary>What came back through Prism.</summary>
public sealed record ProxiedAnswer(HttpStatusCode Status, HttpResponseHeaders Headers, string Text)
{
    public JsonElement Json => JsonDocument.Parse(Text).RootElement;

    public string this[string member] => Json.GetProperty(member).GetString()!;

    /// <summary>The name and the value of a cookie that is set. Prism writes all of them on one line.</summary>
    public string Cookie(string name) => Regex.Match(string.Join(", ", Headers.GetValues("Set-Cookie")), $"{name}=[^;]+").Value;
}
