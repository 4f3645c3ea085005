using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity.Passwords;

/// <summary>Answers 503 where the line for <see cref="PasswordHashing"/> is full.</summary>
internal static class PasswordLine
{
    private static readonly Problem Busy =
        new(StatusCodes.Status503ServiceUnavailable, "busy", "Too many people sign in at this moment. Try again in a few seconds.")
        {
            RetryAfter = TimeSpan.FromSeconds(2),
        };

    public static RouteGroupBuilder WaitsInLineForPasswords(this RouteGroupBuilder group) =>
        group.Refuses(Busy).AddEndpointFilter(async (invocation, next) =>
        {
            try
            {
                return await next(invocation);
            }
            catch (PasswordHashingBusyException)
            {
                return Busy;
            }
        });
}
