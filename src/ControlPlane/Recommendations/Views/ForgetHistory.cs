using System.Security.Claims;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Recommendations.Views;

/// <summary><c>DELETE /api/recommendations/history</c>: nothing of what this viewer has watched or was shown counts any more.</summary>
internal static class ForgetHistory
{
    public static void Map(RouteGroupBuilder recommendations) =>
        recommendations.MapDelete("/history", HandleAsync).RequireAuthorization(Access.SignedInPolicy)
            .Describe("forgetRecommendations", "Forget what recommendations rest on")
            .AnswersNothing("Nothing of what one watched or was shown counts any more.");

    private static async Task<IResult> HandleAsync(ClaimsPrincipal user, ViewingRecords records, CancellationToken cancellationToken)
    {
        if (!user.TryGetUserId(out var account)) return Problem.Unauthenticated;
        await records.ForgetAsync(account, user.ProfileOrNull() ?? account, cancellationToken);
        return TypedResults.NoContent();
    }
}
