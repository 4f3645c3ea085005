using System.Net;
using System.Text;
using Microsoft.AspNetCore.Http.Metadata;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;

namespace Movento.Tests.Hosting;

/// <summary>What holds for every route of the API server: found in its own table of routes, so that a new one is held too.</summary>
[Collection(HostCollection.Name)]
public sealed class EveryRouteTests(HostFixture fixture)
{
    /// <summary>Bytes of a body that a route says nothing of; larger ones say why at the route.</summary>
    private const long SmallBody = 16 << 10;

    /// <summary>Those that take more: documents of editors, text and picture files, Stripe's events, the parts of an upload.</summary>
    private static readonly Dictionary<string, long> LargerBodies = new(StringComparer.Ordinal)
    {
        ["/api/movies/{id}/details"] = 1 << 20,
        ["/api/series"] = 1 << 20,
        ["/api/series/{id}/details"] = 1 << 20,
        ["/api/assets/{id}/subtitles"] = (8 << 20) + (128 << 10),
        ["/api/assets/{id}/subtitles/{fileName}"] = (8 << 20) + (128 << 10),
        ["/api/assets/{id}/subtitles/{sidecar}"] = (8 << 20) + (128 << 10),
        ["/api/assets/{id}/poster"] = (12 << 20) + (128 << 10),
        ["/api/payments/webhook"] = 512 << 10,
        ["/api/uploads/direct/{id}/complete"] = 2 << 20,
    };

    private IReadOnlyList<(RouteEndpoint Endpoint, string Method)> Routes =>
        [.. from endpoint in fixture.Host.Api!.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            from method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"]
            select (endpoint, method)];

    [Fact]
    public async Task EveryAnswer_OfEveryRoute_HasTheSecurityHeaders()
    {
        Assert.True(Routes.Count > 100, $"{Routes.Count} routes");
        var wrong = new List<string>();
        foreach (var (endpoint, method) in Routes)
        {
            foreach (var client in new[] { fixture.Anonymous, fixture.Operator })
            {
                // What would change something is asked for by nobody in particular alone.
                if (client == fixture.Operator && method != "GET") continue;
                using var request = new HttpRequestMessage(new HttpMethod(method), PathOf(endpoint.RoutePattern));
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                var headers = answer.Headers;
                if (!Has("Content-Security-Policy", "frame-ancestors 'none'") || !Has("X-Content-Type-Options", "nosniff")
                    || !Has("Referrer-Policy", "") || !Has("Cross-Origin-Opener-Policy", "same-origin"))
                    wrong.Add($"{(int)answer.StatusCode} {method} {endpoint.RoutePattern.RawText}");
                if ((int)answer.StatusCode >= 500 && answer.StatusCode != HttpStatusCode.NotImplemented)
                    wrong.Add($"{(int)answer.StatusCode} {method} {endpoint.RoutePattern.RawText}");

                bool Has(string name, string part) =>
                    headers.TryGetValues(name, out var values) && values.ToArray() is [var value] && value.Contains(part, StringComparison.Ordinal);
            }
        }

        Assert.Empty(wrong);
    }

    [Fact]
    public void EveryRoute_ThatTakesABody_SaysHowLargeItMayBe()
    {
        var wrong = Routes
            .Where(route => route.Method is not ("GET" or "HEAD" or "OPTIONS"))
            .Select(route => (Route: "/" + route.Endpoint.RoutePattern.RawText!.Trim('/'), Size: route.Endpoint.Metadata.GetMetadata<IRequestSizeLimitMetadata>()?.MaxRequestBodySize))
            // What no route answers: the server's own limit, of the same size, is seen below.
            .Where(route => route.Route != "/api/{**path}" && !(route.Size <= LargerBodies.GetValueOrDefault(route.Route, SmallBody)))
            .Select(route => $"{route.Route}: {route.Size}");

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Theory]
    [InlineData("/api/auth/login")]
    [InlineData("/api/users/me/profiles")]
    [InlineData("/api/webhooks")]
    public async Task Body_LargerThanThat_IsNotRead(string path)
    {
        using var content = new StringContent($$"""{"email":"{{new string('a', 64 << 10)}}"}""", Encoding.UTF8, "application/json");
        using var answer = await fixture.Operator.PostAsync(path, content);
        Assert.True(answer.StatusCode is HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.BadRequest, $"{answer.StatusCode}");
    }

    [Fact]
    public async Task Head_OfWhatAnswersGet_AnswersAsThat()
    {
        var gets = Routes.Where(route => route.Method == "GET").Select(route => PathOf(route.Endpoint.RoutePattern)).Distinct().ToArray();
        Assert.True(gets.Length > 40, $"{gets.Length} paths");
        var wrong = new List<string>();
        foreach (var path in gets)
        {
            foreach (var client in new[] { fixture.Anonymous, fixture.Operator })
            {
                using var ofGet = new HttpRequestMessage(HttpMethod.Get, path);
                using var get = await client.SendAsync(ofGet, HttpCompletionOption.ResponseHeadersRead);
                using var ofHead = new HttpRequestMessage(HttpMethod.Head, path);
                using var head = await client.SendAsync(ofHead);
                if (head.StatusCode != get.StatusCode || head.Content.Headers.ContentType?.MediaType != get.Content.Headers.ContentType?.MediaType
                    || !Equals(head.Headers.ETag, get.Headers.ETag) || (await head.Content.ReadAsByteArrayAsync()).Length > 0)
                    wrong.Add($"{path}: {get.StatusCode}, of HEAD {head.StatusCode}");
            }
        }

        Assert.Equal("", string.Join('\n', wrong));
    }

    [Fact]
    public async Task Head_OfAStreamOfEvents_LeavesItsConnectionFree()
    {
        using var client = new HttpClient(new SocketsHttpHandler { UseCookies = false, MaxConnectionsPerServer = 1 }) { BaseAddress = fixture.Operator.BaseAddress };
        client.DefaultRequestHeaders.Authorization = fixture.Operator.DefaultRequestHeaders.Authorization;
        using var request = new HttpRequestMessage(HttpMethod.Head, "/api/assets/events");
        using var head = await client.SendAsync(request);
        Assert.Equal("text/event-stream", head.Content.Headers.ContentType?.MediaType);

        using var live = await client.GetAsync(new Uri("/health/live", UriKind.Relative));
        Assert.Equal(HttpStatusCode.OK, live.StatusCode);
    }

    [Theory]
    [InlineData("GET", "/api/assets/0123456789abcdef0123456789abcdef/versions/999999999999/receipt", HttpStatusCode.NotFound)]
    [InlineData("GET", "/api/assets/0123456789abcdef0123456789abcdef/versions/first/receipt", HttpStatusCode.NotFound)]
    [InlineData("DELETE", "/api/assets/0123456789abcdef0123456789abcdef/versions/1/receipt", HttpStatusCode.MethodNotAllowed)]
    public async Task Path_WithAParameterThatCannotBe_IsNotThere(string method, string path, HttpStatusCode expected)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), path);
        using var answer = await fixture.Operator.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
        Assert.Equal(expected == HttpStatusCode.MethodNotAllowed ? ["GET", "HEAD"] : [], answer.Content.Headers.Allow.Order());
    }

    private static string PathOf(RoutePattern pattern) => "/" + string.Join('/', pattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
    {
        RoutePatternLiteralPart literal => literal.Content,
        RoutePatternParameterPart { Name: "version" } => "1",
        RoutePatternParameterPart { IsCatchAll: true } => "x",
        RoutePatternParameterPart => "0123456789abcdef0123456789abcdef",
        _ => "",
    }))));
}
