using System.Net;

namespace Movento.ControlPlane.Tests.Identity.Passwords;

public sealed class ChangePasswordTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string NewPassword = "a password of tomorrow";

    [Fact]
    public async Task Change_WithTheCurrentOne_SetsItAndEndsTheOtherSessions()
    {
        var here = await App.SignInAsync("a@example.com");
        var there = await App.SignInAgainAsync(Guid.Parse(here.Id));
        Assert.Equal(HttpStatusCode.NoContent, (await ChangeAsync(here, ControlPlaneApp.Password, NewPassword)).Status);

        SignedInUser.Of(await App.PostAsync("/api/auth/refresh", cookie: here.RefreshToken));
        (await App.PostAsync("/api/auth/refresh", cookie: there.RefreshToken)).IsProblem(HttpStatusCode.Unauthorized, "invalid_refresh");
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = NewPassword }));
        Assert.Contains("was changed", await App.MailAsync("a@example.com"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Change_WithAnother_NamesItAndChangesNothing()
    {
        var user = await App.SignInAsync("a@example.com");
        (await ChangeAsync(user, "not the password", NewPassword)).NamesFields("currentPassword");
        SignedInUser.Of(await App.PostAsync("/api/auth/login", new { email = "a@example.com", password = ControlPlaneApp.Password }));
    }

    [Fact]
    public async Task Change_GuessedTooOften_Returns429()
    {
        App.Options.SignInFailuresPerAccountAndAddress = 2;
        var user = await App.SignInAsync("a@example.com");
        for (var i = 0; i < 2; i++) (await ChangeAsync(user, "not the password", NewPassword)).NamesFields("currentPassword");
        (await ChangeAsync(user, ControlPlaneApp.Password, NewPassword)).IsProblem(HttpStatusCode.TooManyRequests, "too_many_attempts");
    }

    [Theory]
    [InlineData(null, null, "currentPassword", "newPassword")]
    [InlineData(ControlPlaneApp.Password, "short", "newPassword")]
    [InlineData(ControlPlaneApp.Password, "a@example.com", "newPassword")]
    public async Task Change_WhatCannotBeUsed_IsNamed(string? current, string? next, params string[] fields) =>
        (await ChangeAsync(await App.SignInAsync("a@example.com"), current, next)).NamesFields(fields);

    [Fact]
    public async Task Change_ByNobody_Returns401() =>
        (await App.PostAsync("/api/auth/password", new { currentPassword = "x", newPassword = NewPassword })).IsProblem(HttpStatusCode.Unauthorized, "unauthenticated");

    private Task<Answer> ChangeAsync(SignedInUser user, string? currentPassword, string? newPassword) =>
        App.PostAsync("/api/auth/password", new { currentPassword, newPassword }, user.AccessToken);
}
