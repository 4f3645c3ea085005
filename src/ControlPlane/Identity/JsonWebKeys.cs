using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Movento.ApiDescription;
using Movento.ControlPlane.Identity.AccessTokens;

namespace Movento.ControlPlane.Identity;

/// <summary><c>GET /.well-known/jwks.json</c>: the public keys of access tokens (RFC 7517 §5).</summary>
internal static class JsonWebKeys
{
    public sealed record Response(IReadOnlyList<PublicJsonWebKey> Keys);

    public static void Map(IEndpointRouteBuilder routes) => routes.MapGet("/.well-known/jwks.json", Handle).AllowAnonymous().WithTags("Sign-in")
        .Describe("getJsonWebKeys", "The public keys of access tokens", "RFC 7517 §5. A key that was rotated out stays until the last token of it is over.")
        .AnswersAs<Response>("application/jwk-set+json");

    private static JsonHttpResult<Response> Handle(HttpContext context, AccessTokenKeyRing keys, TimeProvider time)
    {
        // Short, as a key that is rotated in must be known everywhere before it signs for long.
        context.Response.Headers.CacheControl = "public, max-age=300";
        context.Response.Headers.XContentTypeOptions = "nosniff";
        return TypedResults.Json(
            new Response(keys.PublicKeysAt(time.GetUtcNow())), ControlPlaneJson.Default.JsonWebKeysResponse, "application/jwk-set+json");
    }
}
