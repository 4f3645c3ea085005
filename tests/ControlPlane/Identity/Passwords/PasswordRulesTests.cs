using Movento.ControlPlane.Identity.Passwords;

namespace Movento.ControlPlane.Tests.Identity.Passwords;

public sealed class PasswordRulesTests
{
    [Theory]
    [InlineData("movento1")]
    [InlineData("Movento2026!")]
    [InlineData("moventomovento")]
    [InlineData("Streaming#1")]
    [InlineData("ada.lovelace1815")]
    [InlineData("admin-admin")]
    [InlineData("iloveyou1")]
    [InlineData("PASSWORD1")]
    public void WrongWith_WhatIsNearAtHand_IsRefused(string password) => Assert.NotNull(PasswordRules.WrongWith(password, "ada.lovelace@example.com"));

    [Theory]
    [InlineData("a movento of my own")]
    [InlineData("moventoxylophone")]
    [InlineData("73829104657")]
    [InlineData("        ")]
    [InlineData("ünïcödé!")]
    public void WrongWith_AnythingElse_IsTaken(string password) => Assert.Null(PasswordRules.WrongWith(password, "ada.lovelace@example.com"));
}
