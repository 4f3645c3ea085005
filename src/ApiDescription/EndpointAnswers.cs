using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.ApiDescription.Metadata;

namespace Movento.ApiDescription;

/// <summary>Everything that an endpoint says it answers: what the document is made of, and what tests hold it to.</summary>
public static class EndpointAnswers
{
    // Of authorization itself, which stands before every endpoint that asks for it.
    private static readonly Refusal Unauthenticated = new(401, "unauthenticated", "Sign in first.");
    private static readonly Refusal Forbidden = new(403, "forbidden", "You are signed in, but may not do this.");

    /// <summary>Whether a caller must show who it is.</summary>
    /// <param name="metadata">Of the endpoint.</param>
    public static bool IsProtected(IEnumerable<object> metadata) => metadata.OfType<IAuthorizeData>().Any() && !metadata.OfType<IAllowAnonymous>().Any();

    /// <summary>How it may refuse.</summary>
    /// <param name="metadata">Of the endpoint.</param>
    public static IReadOnlyList<Refusal> Refusals(IEnumerable<object> metadata) =>
        [.. ((IEnumerable<Refusal>)(IsProtected(metadata) ? [Unauthenticated, Forbidden] : [])).Concat(metadata.OfType<Refusal>()).Distinct()];

    /// <summary>The statuses of what it answers otherwise.</summary>
    /// <param name="metadata">Of the endpoint.</param>
    public static IReadOnlyList<int> Statuses(IEnumerable<object> metadata) =>
        [.. metadata.OfType<IProducesResponseTypeMetadata>().Select(answer => answer.StatusCode).Distinct()];
}
