using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Movento.Harness;
using Movento.Tests.Hosting;

namespace Movento.Tests.Client;

/// <summary>An editor's account with a second factor.</summary>
/// <param name="Email">Its address.</param>
/// <param name="Password">Its password.</param>
/// <param name="RecoveryCodes">Each good once.</param>
/// <param name="ApiKey">For its programs, to upload and to read assets.</param>
internal sealed record GuardedEditor(string Email, string Password, IReadOnlyList<string> RecoveryCodes, string ApiKey)
{
    /// <summary>Opens one.</summary>
    public static async Task<GuardedEditor> OpenAsync(HostFixture host)
    {
        var (email, password) = ($"editor-{Guid.NewGuid():N}@example.org", "a calm and quiet evening");
        using var registered = await host.Anonymous.PostAsJsonAsync("/api/auth/register", new { email, password });
        registered.EnsureSuccessStatusCode();
        using (var admin = await SignInAsync(host, host.Host.Secrets.OperatorEmail, host.Host.Secrets.OperatorPassword))
        {
            var found = await admin.GetFromJsonAsync<JsonElement>("/api/users?email=" + email);
            using var set = await admin.PutAsJsonAsync(
                $"/api/users/{found.GetProperty("items")[0].GetProperty("id").GetString()}/roles", new { roles = (string[])["viewer", "editor"] });
            set.EnsureSuccessStatusCode();
        }

        using var http = await SignInAsync(host, email, password);
        using var key = await http.PostAsJsonAsync("/api/users/me/api-keys", new { name = "Nightly", scopes = (string[])["upload", "assets:read"] });
        using var enrolled = await http.PostAsync("/api/users/me/second-factor", null);
        var secret = (await enrolled.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("secret").GetString()!;
        using var confirmed = await http.PostAsJsonAsync("/api/users/me/second-factor/confirm", new { code = AuthenticatorApp.CodeOf(secret) });
        return new GuardedEditor(
            email, password,
            [.. (await confirmed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("recoveryCodes").EnumerateArray().Select(code => code.GetString()!)],
            (await key.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("apiKey").GetString()!);
    }

    private static async Task<HttpClient> SignInAsync(HostFixture host, string email, string password)
    {
        using var answer = await host.Anonymous.PostAsJsonAsync("/api/auth/login", new { email, password });
        answer.EnsureSuccessStatusCode();
        var http = new HttpClient(new SocketsHttpHandler { UseCookies = false }) { BaseAddress = host.Anonymous.BaseAddress };
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer", (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("accessToken").GetString());
        return http;
    }
}
