using System.Net;
using System.Text;
using Dapper;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class RegisterTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    protected override void Configure(ControlPlaneOptions options) => options.RegistrationsPerAddress = 4;

    [Fact]
    public async Task Register_NewAddress_IsAViewerWhoCanSignIn()
    {
        var answer = await App.PostAsync(
            "/api/auth/register", new { email = "  Ada@Example.COM ", password = ControlPlaneApp.Password, name = "Ada <b>Lovelace</b>" });

        Assert.Equal(HttpStatusCode.Created, answer.Status);
        var user = answer.Json.GetProperty("user");
        Assert.Equal("ada@example.com", user.GetProperty("email").GetString());
        Assert.Equal("Ada <b>Lovelace</b>", user.GetProperty("name").GetString());
        Assert.Equal(["viewer"], user.GetProperty("roles").EnumerateArray().Select(role => role.GetString()));
        Assert.Matches("^[0-9a-f]{32}$", user.GetProperty("id").GetString());
        Assert.Equal("no-store", answer.Headers.CacheControl?.ToString());
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());

        var login = SignedInUser.Of(await App.PostAsync(
            "/api/auth/login", new { email = "ADA@example.com", password = ControlPlaneApp.Password }));
        Assert.Equal(user.GetProperty("id").GetString(), login.Id);
    }

    [Fact]
    public async Task Register_AddressThatExists_AnswersTheSameAndChangesNothing()
    {
        var first = await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = "the first password", name = "A" });
        var second = await App.PostAsync("/api/auth/register", new { email = "A@example.com", password = "another password", name = "A" });

        string Masked(Answer answer) => answer.Text.Replace(answer.Json.GetProperty("user").GetProperty("id").GetString()!, "", StringComparison.Ordinal);
        Assert.Equal(first.Status, second.Status);
        Assert.Equal(Masked(first), Masked(second));
        Assert.Equal(
            first.Headers.Where(header => header.Key != "Date").Select(header => header.Key),
            second.Headers.Where(header => header.Key != "Date").Select(header => header.Key));
        (await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "another password" }))
            .IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = "the first password" }));
    }

    [Fact]
    public async Task Register_Password_IsKeptOnlyAsAHashOfTodaysStrength()
    {
        await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = ControlPlaneApp.Password });
        await using var connection = await App.Identity.OpenConnectionAsync();
        Assert.Matches(@"^hs384\$2b\$10\$[./A-Za-z0-9]{53}$", await connection.QuerySingleAsync<string>("SELECT password_hash FROM users"));
        Assert.Equal(12, new ControlPlaneOptions().PasswordCost);
    }

    [Theory]
    [InlineData(null, ControlPlaneApp.Password, "email")]
    [InlineData("", ControlPlaneApp.Password, "email")]
    [InlineData("nobody", ControlPlaneApp.Password, "email")]
    [InlineData("a@b@c", ControlPlaneApp.Password, "email")]
    [InlineData("a b@example.com", ControlPlaneApp.Password, "email")]
    [InlineData("a@example.com\0", ControlPlaneApp.Password, "email")]
    [InlineData("a@exa_mple.com", ControlPlaneApp.Password, "email")]
    [InlineData("\u212Aelvin@example.com", ControlPlaneApp.Password, "email")]
    [InlineData("a@example.com", null, "password")]
    [InlineData("a@example.com", "short77", "password")]
    [InlineData("a@example.com", "password1", "password")]
    [InlineData("a@example.com", "QwertyUiop", "password")]
    [InlineData("longer@example.com", "Longer@Example.com", "password")]
    [InlineData("nobody", "1234567", "email", "password")]
    public async Task Register_WhatCannotBeUsed_IsNamed(string? email, string? password, params string[] fields) =>
        (await App.PostAsync("/api/auth/register", new { email, password })).NamesFields(fields);

    [Fact]
    public async Task Register_LengthsAtTheirBounds_AreCountedInCharacters()
    {
        var host = string.Join('.', Enumerable.Repeat(new string('d', 62), 3));
        var longest = new string('a', 64) + "@" + host;
        Assert.Equal(253, longest.Length);
        Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email = longest + "d", password = string.Concat(Enumerable.Repeat("😀", 128)) })).Status);
        Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email = "b@example.com", password = "éèàüößñç" })).Status);
        (await App.PostAsync("/api/auth/register", new { email = "c@example.com", password = string.Concat(Enumerable.Repeat("😀", 129)) })).NamesFields("password");
        (await App.PostAsync("/api/auth/register", new { email = "d@example.com", password = string.Concat(Enumerable.Repeat("😀", 7)) })).NamesFields("password");
        (await App.PostAsync("/api/auth/register", new { email = longest + "dd", password = ControlPlaneApp.Password })).NamesFields("email");
        (await App.PostAsync("/api/auth/register", new { email = new string('a', 65) + "@example.com", password = ControlPlaneApp.Password })).NamesFields("email");
        (await App.PostAsync("/api/auth/register", new { email = "e@example.com", password = ControlPlaneApp.Password, name = new string('n', 101) })).NamesFields("name");
        (await App.PostAsync("/api/auth/register", new { email = "e@example.com", password = ControlPlaneApp.Password, name = "two\nlines" })).NamesFields("name");
    }

    [Theory]
    [InlineData("", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("null", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("[]", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("{\"email\": 1}", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("{\"email\": \"a", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("{\"email\":\"a\",\"email\":\"b\"}", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("{\"email\":\"\\ud800@example.com\"}", "application/json", HttpStatusCode.BadRequest, "malformed_json")]
    [InlineData("email=a", "application/x-www-form-urlencoded", HttpStatusCode.UnsupportedMediaType, "not_json")]
    [InlineData("{}", "text/plain", HttpStatusCode.UnsupportedMediaType, "not_json")]
    public async Task Register_BodyThatIsNoRequest_IsAProblem(string body, string contentType, HttpStatusCode status, string code)
    {
        using var content = new StringContent(body, Encoding.UTF8, contentType);
        (await App.SendAsync(HttpMethod.Post, "/api/auth/register", content)).IsProblem(status, code);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Register_BodyPastTheLimit_Returns413(bool lengthIsKnown)
    {
        var bytes = Encoding.UTF8.GetBytes($$"""{"email":"a@example.com","password":"{{new string('x', 17_000)}}"}""");
        using var content = lengthIsKnown ? new ByteArrayContent(bytes) : (HttpContent)new StreamContent(new ChunkedStream(bytes));
        content.Headers.ContentType = new("application/json");
        (await App.SendAsync(HttpMethod.Post, "/api/auth/register", content)).IsProblem(HttpStatusCode.RequestEntityTooLarge, "too_large");
    }

    [Fact]
    public async Task Register_TooManyFromOneAddress_Returns429UntilTheHourIsOver()
    {
        for (var i = 0; i < 4; i++)
            Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email = $"u{i}@example.com", password = ControlPlaneApp.Password })).Status);
        App.Clock.Advance(TimeSpan.FromMinutes(20));

        var refused = await App.PostAsync("/api/auth/register", new { email = "u4@example.com", password = ControlPlaneApp.Password });
        refused.IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
        Assert.Equal(TimeSpan.FromMinutes(40), refused.Headers.RetryAfter?.Delta);

        App.Clock.Advance(TimeSpan.FromMinutes(40));
        Assert.Equal(HttpStatusCode.Created, (await App.PostAsync("/api/auth/register", new { email = "u4@example.com", password = ControlPlaneApp.Password })).Status);
    }

    [Theory]
    [InlineData("'; DROP TABLE users; --")]
    [InlineData("\" OR 1=1 --")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("名前 😀 {{7*7}} ${jndi:ldap://x}")]
    public async Task Register_NameThatMeansSomethingElsewhere_IsKeptVerbatim(string name)
    {
        await App.PostAsync("/api/auth/register", new { email = "a@example.com", password = ControlPlaneApp.Password, name });
        var login = await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password });
        Assert.Equal(name, login.Json.GetProperty("user").GetProperty("name").GetString());
    }

    // A stream that does not know its length is sent in chunks.
    private sealed class ChunkedStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;
    }
}
