using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Billing;

/// <summary><c>POST /api/payments/portal</c>: the provider's page on which a customer changes what it pays with, and sees what it paid.</summary>
internal static class OpenPortal
{
    /// <summary>The answer to whoever never bought anything.</summary>
    public static readonly Problem NoCustomer = new(StatusCodes.Status404NotFound, "no_customer", "You have not bought anything yet.");

    /// <param name="Url">To send the customer to; it opens for some minutes.</param>
    public sealed record Response(string Url);

    public static void Map(RouteGroupBuilder payments) => payments.MapPost("/portal", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
        .WithMetadata(new CountedAs(RequestKind.Checkout))
        .Describe("openPortal", "A page on which the means of payment is changed and an open invoice paid")
        .Answers<Response>(status: StatusCodes.Status201Created).Refuses(NoCustomer);

    private static async Task<IResult> HandleAsync(ClaimsPrincipal principal, Customers customers, IPayments payments, CancellationToken cancellationToken)
    {
        if (!principal.TryGetUserId(out var user)) return Problem.Unauthenticated;
        if (await customers.FindAsync(user, cancellationToken) is not { } customer) return NoCustomer;
        return TypedResults.Json(
            new Response(await payments.OpenPortalAsync(customer, cancellationToken)), ControlPlaneJson.Default.OpenPortalResponse, statusCode: StatusCodes.Status201Created);
    }
}
