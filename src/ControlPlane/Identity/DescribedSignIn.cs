using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Movento.ApiDescription;

namespace Movento.ControlPlane.Identity;

/// <summary>Describes endpoints that end in <see cref="SignedIn"/>.</summary>
internal static class DescribedSignIn
{
    /// <summary>An access token in the body, the refresh token in its cookie.</summary>
    public static RouteHandlerBuilder SignsIn(this RouteHandlerBuilder route) => route
        .Answers<SignedIn.Response>("Signed in.")
        .WithAnswerHeader("Set-Cookie", "`movento_refresh`: the next refresh token.");

    /// <summary>Or a ticket, where the account has a second factor.</summary>
    public static RouteHandlerBuilder AsksForSecondFactor(this RouteHandlerBuilder route) =>
        route.Answers<SignedIn.SecondFactorAwaited>("The account has a second factor: `loginSecondFactor` comes next.", StatusCodes.Status202Accepted);
}
