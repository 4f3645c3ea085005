using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Movento.Contracts;
using Movento.ControlPlane.Identity;

namespace Movento.ControlPlane.Tests.Identity;

public sealed class ProvisioningTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private const string Email = "operator@localhost";

    private Provisioning Provisioning => App.Services.GetRequiredService<Provisioning>();

    [Fact]
    public async Task EnsureUser_FirstStart_MakesAnAccountThatCanSignIn()
    {
        var made = await EnsureAsync("the operator's secret", Access.ViewerRole, Access.EditorRole);
        Assert.Equal(ProvisionedAs.Created, made.As);
        var login = await App.PostAsync("/api/auth/login", new { email = Email, password = "the operator's secret" });
        Assert.Equal(made.Id.ToString("N"), SignedInUser.Of(login).Id);
        Assert.Equal(["viewer", "editor"], Roles(login));
    }

    [Fact]
    public async Task EnsureUser_AgainWithItsPassword_KeepsTheAccountAndAddsRoles()
    {
        var made = await EnsureAsync("the operator's secret", Access.ViewerRole);
        var again = await EnsureAsync("the operator's secret", Access.EditorRole);
        Assert.Equal(new ProvisionedUser(made.Id, ProvisionedAs.Exists), again);
        Assert.Equal(["editor", "viewer"], Roles(await App.PostAsync("/api/auth/login", new { email = Email, password = "the operator's secret" })));
    }

    [Fact]
    public async Task EnsureUser_WithAnotherPassword_ChangesNothingAndSaysSo()
    {
        // Somebody registered the address first: a start of the host must not make an editor of them, nor lock them out.
        await App.PostAsync("/api/auth/register", new { email = Email, password = "somebody else's" });
        var found = await EnsureAsync("the operator's secret", Access.EditorRole);
        Assert.Equal(ProvisionedAs.ExistsWithAnotherPassword, found.As);
        Assert.Equal(["viewer"], Roles(await App.PostAsync("/api/auth/login", new { email = Email, password = "somebody else's" })));
        (await App.PostAsync("/api/auth/login", new { email = Email, password = "the operator's secret" })).IsProblem(HttpStatusCode.Unauthorized, "invalid_credentials");
    }

    [Fact]
    public async Task EnsureUser_FromSeveralProcessesAtOnce_MakesOneAccount()
    {
        var found = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => EnsureAsync("the operator's secret", Access.EditorRole)));
        Assert.Single(found.Select(user => user.Id).Distinct());
        Assert.Single(found, user => user.As == ProvisionedAs.Created);
        Assert.Equal(7, found.Count(user => user.As == ProvisionedAs.Exists));
    }

    [Theory]
    [InlineData("not an address", "the operator's secret", "email")]
    [InlineData(Email, "short", "password")]
    public async Task EnsureUser_WhatRegistrationRefuses_IsRefused(string email, string password, string parameter) =>
        Assert.Equal(parameter, (await Assert.ThrowsAsync<ArgumentException>(() =>
            Provisioning.EnsureUserAsync(email, password, "Operator", [Access.EditorRole], CancellationToken.None))).ParamName);

    private Task<ProvisionedUser> EnsureAsync(string password, params string[] roles) =>
        Provisioning.EnsureUserAsync(Email, password, "Operator", roles, CancellationToken.None);

    private static string[] Roles(Answer login) =>
        [.. login.Json.GetProperty("user").GetProperty("roles").EnumerateArray().Select(role => role.GetString()!)];
}
