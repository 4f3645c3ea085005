using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Movento.ApiDescription.Metadata;

namespace Movento.ApiDescription;

/// <summary>What an endpoint says of itself where it is mapped: the source of the OpenAPI document, besides the docstrings of the records that cross the wire.</summary>
public static class EndpointDescription
{
    /// <summary>The media type of an error (RFC 9457 §3).</summary>
    public const string ProblemContentType = "application/problem+json";

    /// <summary>Names the operation.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="operationId">A verb and what it is done to, in camelCase; no other operation has it.</param>
    /// <param name="summary">One short line.</param>
    /// <param name="description">What a caller must know beyond that (CommonMark); null for nothing.</param>
    public static RouteHandlerBuilder Describe(this RouteHandlerBuilder route, string operationId, string summary, string? description = null)
    {
        route.WithName(operationId).WithSummary(summary);
        return description is null ? route : route.WithDescription(description);
    }

    /// <summary>An answer whose body is JSON.</summary>
    /// <typeparam name="T">The record that is written.</typeparam>
    /// <param name="route">The endpoint.</param>
    /// <param name="description">What it means; null where the status says so.</param>
    /// <param name="status">Its HTTP status.</param>
    public static RouteHandlerBuilder Answers<T>(this RouteHandlerBuilder route, string? description = null, int status = StatusCodes.Status200OK) =>
        route.Answers(status, typeof(T), description, "application/json");

    /// <summary>An answer of 200 of a media type of its own.</summary>
    /// <typeparam name="T">The record that is written; a string for a text.</typeparam>
    /// <param name="route">The endpoint.</param>
    /// <param name="contentType">The media type.</param>
    /// <param name="description">What it means; null where the status says so.</param>
    public static RouteHandlerBuilder AnswersAs<T>(this RouteHandlerBuilder route, string contentType, string? description = null) =>
        route.Answers(StatusCodes.Status200OK, typeof(T), description, contentType);

    /// <summary>An answer without a body.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="description">What it means; null where the status says so.</param>
    /// <param name="status">Its HTTP status.</param>
    public static RouteHandlerBuilder AnswersNothing(this RouteHandlerBuilder route, string? description = null, int status = StatusCodes.Status204NoContent) =>
        route.Answers(status, typeof(void), description);

    /// <summary>A header of the answers with a status.</summary>
    public static RouteHandlerBuilder WithAnswerHeader(this RouteHandlerBuilder route, string name, string description, int status = StatusCodes.Status200OK) =>
        route.WithMetadata(new AnswerHeader(status, name, description));

    /// <summary>A header that is read.</summary>
    public static RouteHandlerBuilder ReadsHeader(this RouteHandlerBuilder route, string name, string description, bool isRequired = false, string? pattern = null) =>
        route.WithMetadata(new RequestHeader(name, description, isRequired) { Pattern = pattern });

    /// <summary>A text of the query.</summary>
    public static RouteHandlerBuilder ReadsText(this RouteHandlerBuilder route, string name, string description, int maxLength, string? pattern = null) =>
        route.WithMetadata(new RequestQuery(name, description) { MaxLength = maxLength, Pattern = pattern });

    /// <summary>A whole number of the query.</summary>
    public static RouteHandlerBuilder ReadsNumber(this RouteHandlerBuilder route, string name, string description, int least, int most) =>
        route.WithMetadata(new RequestQuery(name, description) { Range = (least, most) });

    /// <summary>A word of the query.</summary>
    public static RouteHandlerBuilder ReadsWord(this RouteHandlerBuilder route, string name, string description, params IReadOnlyList<string> words) =>
        route.WithMetadata(new RequestQuery(name, description) { Words = words });

    /// <summary>Bytes that are taken as the body.</summary>
    /// <param name="route">The endpoint.</param>
    /// <param name="description">What they are.</param>
    /// <param name="contentTypes">The media types; <c>*/*</c> for any.</param>
    public static RouteHandlerBuilder TakesBytes(this RouteHandlerBuilder route, string description, params string[] contentTypes) =>
        route.WithMetadata(new RequestContent(typeof(Stream), IsRequired: true, contentTypes) { Description = description });

    /// <summary>A problem that is answered.</summary>
    /// <typeparam name="TBuilder">An endpoint, or a group of them.</typeparam>
    public static TBuilder Refuses<TBuilder>(this TBuilder route, int status, string code, string title)
        where TBuilder : IEndpointConventionBuilder =>
        route.WithMetadata(new Refusal(status, code, title));

    /// <summary>A list that is given out a page at a time.</summary>
    public static RouteHandlerBuilder Pages(this RouteHandlerBuilder route, int defaultLimit, int maxLimit) =>
        route.WithMetadata(new Pages(defaultLimit, maxLimit));

    /// <summary>A list that is given out whole.</summary>
    public static RouteHandlerBuilder IsWhole(this RouteHandlerBuilder route, int maxItems) => route.WithMetadata(new WholeList(maxItems));

    /// <summary>The session is known by the refresh token's cookie.</summary>
    public static RouteHandlerBuilder ReadsRefreshCookie(this RouteHandlerBuilder route, bool isRequired = true) => route.WithMetadata(new RefreshCookieRead(isRequired));

    private static RouteHandlerBuilder Answers(this RouteHandlerBuilder route, int status, Type type, string? description, params string[] contentTypes) =>
        route.WithMetadata(new ProducesResponseTypeMetadata(status, type, contentTypes) { Description = description });
}
