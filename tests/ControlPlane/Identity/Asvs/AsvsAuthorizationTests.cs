using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using Dapper;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity;

namespace Movento.ControlPlane.Tests.Identity.Asvs;

/// <summary>OWASP ASVS 5.0, chapter 8, authorization: levels 1 and 2, a test each.</summary>
public sealed class AsvsAuthorizationTests(ControlPlaneFixture fixture) : AsvsTest(fixture)
{
    private const string ProfilesPath = "/api/users/me/profiles";
    private const string KeysPath = "/api/users/me/api-keys";

    [Fact]
    public void V8_1_1_WhoMayDoWhat_IsDocumentedForEveryRole() =>
        Assert.All(Access.Roles.Append("anybody"), who => Assert.Contains($"\n| {who} |", Documentation, StringComparison.Ordinal));

    [Fact]
    public void V8_1_2_WhoWritesWhichField_IsDocumentedForEveryFieldOfAnAccount() => Assert.All(
        typeof(User).GetProperties().Select(property => JsonNamingPolicy.CamelCase.ConvertName(property.Name)),
        field => Assert.Contains($"\n| `{field}` |", Documentation, StringComparison.Ordinal));

    [Fact]
    public void V8_2_1_EveryEndpoint_SaysWhoMayCallIt()
    {
        var endpoints = App.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/", StringComparison.Ordinal)).ToArray();
        Assert.True(endpoints.Length > 60);
        Assert.All(endpoints, endpoint => Assert.True(
            endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null
            || endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(data => data.Policy is Access.SignedInPolicy or Access.EditorPolicy or Access.AdminPolicy),
            endpoint.DisplayName));
        // Of others' accounts, nothing is open to whoever is no admin.
        Assert.All(
            endpoints.Where(endpoint => endpoint.RoutePattern.RawText!.StartsWith("/api/users", StringComparison.Ordinal)
                && !endpoint.RoutePattern.RawText.StartsWith("/api/users/me", StringComparison.Ordinal)),
            endpoint => Assert.Contains(endpoint.Metadata.GetOrderedMetadata<IAuthorizeData>(), data => data.Policy == Access.AdminPolicy));
    }

    [Theory]
    [InlineData("GET", "/api/users")]
    [InlineData("GET", "/api/users/audit")]
    [InlineData("GET", "/api/users/00000000000000000000000000000000")]
    [InlineData("GET", "/api/users/00000000000000000000000000000000/sessions")]
    [InlineData("PUT", "/api/users/00000000000000000000000000000000/roles")]
    [InlineData("DELETE", "/api/users/00000000000000000000000000000000/sessions")]
    [InlineData("POST", "/api/users/00000000000000000000000000000000/password-reset")]
    [InlineData("PUT", "/api/users/00000000000000000000000000000000/disabled")]
    [InlineData("DELETE", "/api/users/00000000000000000000000000000000/disabled")]
    public async Task V8_2_1_ActsOfAdmins_AreForbiddenToEditors(string method, string path)
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        (await App.SendAsync(new HttpMethod(method), path, JsonContent.Create(new { roles = new[] { "admin" } }), editor.AccessToken)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
        (await App.SendAsync(new HttpMethod(method), path, JsonContent.Create(new { roles = new[] { "admin" } }))).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
    }

    [Fact]
    public async Task V8_2_2_WhatIsSomebodyElses_DoesNotExist()
    {
        var owner = await App.SignInAsync("o@example.com", "viewer", "editor");
        var other = await App.SignInAsync("x@example.com", "viewer", "editor");
        var session = (await App.GetAsync("/api/auth/sessions", owner.AccessToken)).Json.GetProperty("items")[0].GetProperty("id").GetString();
        var profile = (await App.PostAsync(ProfilesPath, new { name = "A" }, owner.AccessToken)).Json.GetProperty("id").GetString();
        var key = await App.PostAsync(KeysPath, new { name = "x", scopes = new[] { "catalogue" } }, owner.AccessToken);

        (await DeleteAsync($"/api/auth/sessions/{session}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.SendAsync(HttpMethod.Patch, $"{ProfilesPath}/{profile}", JsonContent.Create(new { name = "B" }), other.AccessToken)).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await DeleteAsync($"{ProfilesPath}/{profile}")).IsProblem(HttpStatusCode.NotFound, "not_found");
        (await App.SendAsync(HttpMethod.Put, "/api/auth/profile", JsonContent.Create(new { profileId = profile }), other.AccessToken)).NamesFields("profileId");
        (await DeleteAsync($"{KeysPath}/{key.Json.GetProperty("key").GetProperty("id").GetString()}")).IsProblem(HttpStatusCode.NotFound, "not_found");

        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: owner.RefreshToken));
        Assert.Equal("A", (await App.GetAsync(ProfilesPath, owner.AccessToken)).Json.GetProperty("items")[0].GetProperty("name").GetString());
        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync("/api/movies/details", key.Json.GetProperty("apiKey").GetString())).Status);

        Task<Answer> DeleteAsync(string path) => App.SendAsync(HttpMethod.Delete, path, accessToken: other.AccessToken);
    }

    [Fact]
    public async Task V8_2_3_FieldsThatAreNotOnesToWrite_StayAsTheyAre()
    {
        await App.PostAsync("/api/auth/register", new
        {
            email = Email, password = ControlPlaneApp.Password, roles = new[] { "admin" }, isConfirmed = true, confirmedAt = App.Clock.Now, id = Guid.Empty,
        });
        await using var connection = await App.Identity.OpenConnectionAsync();
        var (id, roles, isConfirmed) = await connection.QuerySingleAsync<(Guid, string[], bool)>("SELECT id, roles, confirmed_at IS NOT NULL FROM users");
        Assert.NotEqual(Guid.Empty, id);
        Assert.Equal(["viewer"], roles);
        Assert.False(isConfirmed);

        var user = await App.SignInAgainAsync(id);
        var profile = (await App.GetAsync(ProfilesPath, user.AccessToken)).Json.GetProperty("items")[0].GetProperty("id").GetString();
        await App.SendAsync(HttpMethod.Patch, $"{ProfilesPath}/{profile}", JsonContent.Create(new { name = "B", userId = Guid.Empty, id = Guid.Empty }), user.AccessToken);
        Assert.Equal((profile, "B"), await connection.QuerySingleAsync<(string, string)>("SELECT replace(id::text, '-', ''), name FROM profiles WHERE user_id = @id", new { id }));
        // Nor does anybody read what is nobody's to read.
        Assert.Equal(
            ["email", "id", "isConfirmed", "name", "roles"], (await App.GetAsync("/api/users/me", user.AccessToken)).Json.EnumerateObject().Select(member => member.Name).Order());
    }

    [Fact]
    public async Task V8_3_1_Rights_AreWhatTheServerKnows_NotWhatAClientSays()
    {
        var user = await App.SignInAsync(Email);
        (await App.GetAsync("/api/users", TokenForge.WithClaims(user.AccessToken, claims => claims["roles"] = new JsonArray("viewer", "admin"))))
            .IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
        (await App.SendAsync(HttpMethod.Get, "/api/users", accessToken: user.AccessToken, headers: [("X-Roles", "admin"), ("X-User-Id", new string('0', 32))]))
            .IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task V8_4_1_Teams_DoNotReachWhatIsAnothers()
    {
        var owner = await App.SignInAsync("o@example.com", "viewer", "editor");
        var path = $"/api/movies/{await App.PublishAsync("A", owner: owner)}/details";
        foreach (var token in new[] { (await App.SignInAsync("x@example.com", "viewer", "editor")).AccessToken, App.TokenOfTeam(Guid.NewGuid()) })
        {
            (await App.GetAsync(path, token)).IsProblem(HttpStatusCode.NotFound, "not_found");
            (await App.EditAsync(HttpMethod.Patch, path, new { title = "B" }, token, "*")).IsProblem(HttpStatusCode.NotFound, "not_found");
            Assert.Equal(0, (await App.GetAsync("/api/movies/details", token)).Json.GetProperty("items").GetArrayLength());
        }

        Assert.Equal(HttpStatusCode.OK, (await App.GetAsync(path, owner.AccessToken)).Status);
    }
}
