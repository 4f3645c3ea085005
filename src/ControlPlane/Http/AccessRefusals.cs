using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Http;

/// <summary>Gives the 401 and 403 of authorization below <c>/api</c> a body; the scheme still writes its own header.</summary>
internal sealed class AccessRefusals : IAuthorizationMiddlewareResultHandler
{
    private static readonly Problem Forbidden =
        new(StatusCodes.Status403Forbidden, "forbidden", "You are signed in, but may not do this.");

    private readonly AuthorizationMiddlewareResultHandler _otherwise = new();

    public async Task HandleAsync(
        RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded || !context.Request.Path.StartsWithSegments("/api", StringComparison.Ordinal))
        {
            await _otherwise.HandleAsync(next, context, policy, authorizeResult);
            return;
        }

        if (authorizeResult.Challenged)
        {
            await context.ChallengeAsync();
            if (!context.Response.HasStarted) await Problem.Unauthenticated.ExecuteAsync(context);
            return;
        }

        await context.ForbidAsync();
        if (!context.Response.HasStarted) await Forbidden.ExecuteAsync(context);
    }
}
