using System.Net;
using Dapper;
using MassTransit;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;

namespace Movento.ControlPlane.Tests.Identity.ApiKeys;

public sealed class ApiKeyTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Path = "/api/users/me/api-keys";

    [Fact]
    public async Task Create_ShowsTheKeyOnce_AndKeepsItsHashOnly()
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        var (key, item) = await CreateAsync(editor, "catalogue", "upload");
        Assert.Matches("^mvk_[A-Za-z0-9_-]{48}$", key);
        Assert.StartsWith(item.GetProperty("prefix").GetString()!, key, StringComparison.Ordinal);
        var list = await App.GetAsync(Path, editor.AccessToken);
        Assert.Equal("Our programs", Assert.Single(list.Json.GetProperty("items").EnumerateArray()).GetProperty("name").GetString());
        Assert.DoesNotContain(key, list.Text, StringComparison.Ordinal);
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.DoesNotContain(key[12..], await connection.QuerySingleAsync<string>("SELECT k::text FROM api_keys k"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Key_WithinItsScope_DoesWhatItsOwnerMay()
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        var (key, _) = await CreateAsync(editor, "catalogue");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(key)).Status);
        Assert.Equal(App.Clock.Now.UtcDateTime, await LastUsedAsync());
        App.Clock.Advance(TimeSpan.FromSeconds(59));
        await ReadAsync(key);
        Assert.Equal(App.Clock.Now.UtcDateTime.AddSeconds(-59), await LastUsedAsync());
        App.Clock.Advance(TimeSpan.FromSeconds(1));
        await ReadAsync(key);
        Assert.Equal(App.Clock.Now.UtcDateTime, await LastUsedAsync());
    }

    [Fact]
    public async Task Key_OutsideItsScope_IsForbidden()
    {
        var (key, _) = await CreateAsync(await App.SignInAsync("e@example.com", "viewer", "editor"), "upload");
        (await ReadAsync(key)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Theory]
    [InlineData("GET", "/api/users/me")]
    [InlineData("GET", Path)]
    [InlineData("DELETE", "/api/users/me")]
    [InlineData("GET", "/api/users")]
    [InlineData("GET", "/api/quality/films")]
    public async Task Key_WhereNoScopeIsEnough_IsForbidden(string method, string path)
    {
        var (key, _) = await CreateAsync(await App.SignInAsync("e@example.com", "viewer", "editor", "admin"), [.. ApiKeyScope.All]);
        (await App.SendAsync(new HttpMethod(method), path, accessToken: key)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Key_ThatIsNone_IsRefusedWithAChallenge()
    {
        var (key, _) = await CreateAsync(await App.SignInAsync("e@example.com", "viewer", "editor"), "catalogue");
        foreach (var wrong in new[] { "mvk_", "mvk_x", key[..^1] + (key[^1] == 'A' ? 'B' : 'A'), ApiKeyFormat.New().Key, key + "A" })
        {
            var answer = await ReadAsync(wrong);
            answer.IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");
            Assert.Contains("invalid_token", answer.Headers.WwwAuthenticate.ToString(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task Key_TakenBackOrExpiredOrOfNoEditorAnyMore_IsOfNoUse()
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        var (taken, item) = await CreateAsync(editor, "catalogue");
        Assert.Equal(HttpStatusCode.NoContent, (await App.SendAsync(HttpMethod.Delete, $"{Path}/{item.GetProperty("id").GetString()}", accessToken: editor.AccessToken)).Status);
        (await ReadAsync(taken)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");

        var (brief, _) = await CreateAsync(editor, "catalogue");
        Assert.Equal(HttpStatusCode.OK, (await ReadAsync(brief)).Status);
        App.Clock.Advance(TimeSpan.FromDays(30));
        (await ReadAsync(brief)).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");

        var again = await App.SignInAgainAsync(Guid.Parse(editor.Id));
        var (kept, _) = await CreateAsync(again, "catalogue");
        await using var connection = await App.Identity.OpenConnectionAsync();
        await connection.ExecuteAsync("UPDATE users SET roles = '{viewer}'");
        (await ReadAsync(kept)).IsProblem(HttpStatusCode.Forbidden, "forbidden");
    }

    [Fact]
    public async Task Create_WhatCannotBe_IsNamed()
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        (await App.PostAsync(Path, new { name = " ", scopes = new[] { "everything" }, expiresInDays = 0 }, editor.AccessToken)).NamesFields("name", "scopes", "expiresInDays");
        (await App.PostAsync(Path, new { name = "x", scopes = Array.Empty<string>() }, editor.AccessToken)).NamesFields("scopes");
    }

    [Fact]
    public async Task Create_ByAViewer_IsForbidden() =>
        (await App.PostAsync(Path, new { name = "x", scopes = new[] { "upload" } }, (await App.SignInAsync("v@example.com")).AccessToken))
            .IsProblem(HttpStatusCode.Forbidden, "forbidden");

    [Fact]
    public async Task Question_OfAnotherProcess_IsAnswered()
    {
        var editor = await App.SignInAsync("e@example.com", "viewer", "editor");
        var (key, _) = await CreateAsync(editor, "upload");
        Assert.True(ApiKeyFormat.TryHash(key, out var hash));
        var client = App.Services.GetRequiredService<IBus>().CreateRequestClient<ApiKeyQuestion>();
        var holder = (await client.GetResponse<ApiKeyAnswer>(new ApiKeyQuestion(hash))).Message.Holder!;
        Assert.Equal(Guid.Parse(editor.Id), holder.UserId);
        Assert.Equal(["upload"], holder.Scopes);
        Assert.Equal(["viewer", "editor"], holder.Roles);
        Assert.Null((await client.GetResponse<ApiKeyAnswer>(new ApiKeyQuestion(new byte[32]))).Message.Holder);
    }

    [Theory]
    [InlineData("POST", "/api/uploads", "upload")]
    [InlineData("PATCH", "/api/uploads/x", "upload")]
    [InlineData("GET", "/api/assets/x/events", "assets:read")]
    [InlineData("DELETE", "/api/assets/x", "assets:write")]
    [InlineData("PATCH", "/api/movies/x", "catalogue")]
    [InlineData("GET", "/api/webhooks", "webhooks")]
    [InlineData("GET", "/api/assetsx", null)]
    [InlineData("GET", "/api/users/me", null)]
    public void Scope_OfARequest_IsThatOfItsArea(string method, string path, string? scope) => Assert.Equal(scope, ApiKeyScope.Needed(method, path));

    private async Task<(string Key, System.Text.Json.JsonElement Item)> CreateAsync(SignedInUser editor, params string[] scopes)
    {
        var created = await App.PostAsync(Path, new { name = "Our programs", scopes, expiresInDays = 30 }, editor.AccessToken);
        Assert.Equal(HttpStatusCode.Created, created.Status);
        return (created.Json.GetProperty("apiKey").GetString()!, created.Json.GetProperty("key"));
    }

    private Task<Answer> ReadAsync(string key) => App.GetAsync("/api/movies/details", key);

    private async Task<DateTime?> LastUsedAsync()
    {
        await using var connection = await App.Identity.OpenConnectionAsync();
        return await connection.QuerySingleAsync<DateTime?>("SELECT last_used_at FROM api_keys");
    }
}
