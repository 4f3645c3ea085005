using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors said, with the ETag that names it.</summary>
internal sealed class DetailsAnswer<T>(T details, JsonTypeInfo<T> type, long revision) : IResult
{
    public int Status { get; init; } = StatusCodes.Status200OK;

    public string? Location { get; init; }

    public Task ExecuteAsync(HttpContext httpContext)
    {
        var response = httpContext.Response;
        response.StatusCode = Status;
        response.Headers.ETag = Precondition.Tag(revision);
        if (Location is not null) response.Headers.Location = Location;
        return response.WriteAsJsonAsync(details, type, cancellationToken: httpContext.RequestAborted);
    }
}
