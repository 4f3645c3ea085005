using System.Net;

namespace Movento.ControlPlane.Tests.Http;

public sealed class UnknownRoutesTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    [Theory]
    [InlineData("/api")]
    [InlineData("/api/")]
    [InlineData("/api/nothing")]
    [InlineData("/api/auth")]
    [InlineData("/api/movies/a/b/c.txt")]
    [InlineData("/api/%2e%2e/%2e%2e/etc/passwd")]
    public async Task Path_ThatIsUnknown_Returns404(string path)
    {
        if (path.Contains("%2e", StringComparison.Ordinal))
        {
            // Kestrel resolves the dots, so this is no path of the API any more.
            Assert.Equal(HttpStatusCode.NotFound, (await App.GetAsync(path)).Status);
            return;
        }

        var answer = await App.GetAsync(path);
        answer.IsProblem(HttpStatusCode.NotFound, "not_found");
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
    }

    [Theory]
    [InlineData("/api/auth/login", "POST")]
    [InlineData("/api/users/me/export", "GET")]
    [InlineData("/api/movies/0123", "GET")]
    [InlineData("/api/streaming/0123/grant", "POST")]
    public async Task Method_ThatIsWrong_Returns405WithTheRightOnes(string path, string allowed)
    {
        var answer = await App.SendAsync(HttpMethod.Delete, path);
        answer.IsProblem(HttpStatusCode.MethodNotAllowed, "method_not_allowed");
        Assert.Equal(allowed.Split(','), answer.ContentHeaders.Allow.Order());
    }
}
