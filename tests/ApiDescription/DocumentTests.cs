using System.Net;
using System.Net.Http.Headers;
using Movento.Harness;

namespace Movento.ApiDescription.Tests;

[Collection(nameof(DescribedHost))]
public sealed class DocumentTests(DescribedHost host)
{
    [Fact]
    public async Task Document_IsForAnybody_AndAskedAboutByItsTag()
    {
        using var first = await host.Http.GetAsync("/openapi/v1.json");
        using var again = new HttpRequestMessage(HttpMethod.Get, "/openapi/v1.json") { Headers = { IfNoneMatch = { first.Headers.ETag! } } };
        using var second = await host.Http.SendAsync(again);

        Assert.Equal(HttpStatusCode.OK, first.StatusCode);
        Assert.Equal(new MediaTypeHeaderValue("application/json"), first.Content.Headers.ContentType);
        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.StartsWith("3.1.", host.Document.GetProperty("openapi").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Docstrings_OfRecords_StandInTheirSchemas()
    {
        var schemas = host.Document.GetProperty("components").GetProperty("schemas");

        // Of the control plane and of ingest: each project weaves its own in.
        Assert.Equal("Whether it is the one that asks.", Description("ListSessionsItem", "isCurrent"));
        Assert.Equal("Of the upload.", Description("AssetView", "fileName"));

        string? Description(string schema, string member) => schemas.GetProperty(schema).GetProperty("properties").GetProperty(member).GetProperty("description").GetString();
    }

    [Fact]
    public async Task Spectral_HasNothingToSay()
    {
        var npm = Repository.Combine("tests", "npm");
        var result = await Tool.RunAsync(
            "node", Path.Combine(npm, "node_modules", "@stoplight", "spectral-cli", "dist", "index.js"),
            "lint", host.DocumentFile, "--ruleset", Path.Combine(npm, "spectral.yaml"), "--fail-severity", "warn", "--format", "text");

        Assert.True(result.ExitCode == 0, result.Output + result.Errors);
    }
}
