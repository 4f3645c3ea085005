using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>On what a change depends (RFC 9110 §13.1): that nobody has said anything else meanwhile, or that nobody has said anything yet.</summary>
internal sealed class Precondition
{
    // An If-Match of a real caller names one, or the few that it has seen.
    private const int MostTags = 20;

    private readonly IReadOnlyList<EntityTagHeaderValue> _tags;

    private Precondition(IReadOnlyList<EntityTagHeaderValue> tags, bool isNew) => (_tags, IsNew) = (tags, isNew);

    /// <summary>Whether it holds only where nothing is there yet.</summary>
    public bool IsNew { get; }

    /// <summary>Somebody has said something else meanwhile.</summary>
    public static readonly Problem Changed =
        new(StatusCodes.Status412PreconditionFailed, "changed", "Somebody else has changed it meanwhile.") { Hint = "Read it again, and send the change with its new ETag." };

    /// <summary>It is there already.</summary>
    public static readonly Problem Exists =
        new(StatusCodes.Status412PreconditionFailed, "exists", "It is there already.") { Hint = "Read it, and send the change with its ETag in If-Match." };

    /// <summary>Nothing was said about what is changed.</summary>
    public static readonly Problem Required =
        new(StatusCodes.Status428PreconditionRequired, "precondition_required", "Say what the change is made to, so that nobody's work is lost.")
        {
            Hint = "Send the ETag that it was read with in If-Match; If-Match: * changes whatever is there.",
        };

    /// <summary>What a request depends on, or why it cannot be read.</summary>
    /// <param name="request">With its headers.</param>
    /// <param name="mayBeNew">Whether <c>If-None-Match: *</c> may be said.</param>
    public static (Precondition? Value, Problem? Refusal) Read(HttpRequest request, bool mayBeNew)
    {
        var (match, noneMatch) = (request.Headers.IfMatch, request.Headers.IfNoneMatch);
        if (noneMatch.Count > 0)
        {
            if (!mayBeNew || match.Count > 0 || noneMatch is not ["*"])
                return (null, FieldErrors.One("If-None-Match", mayBeNew ? "Only *, and not together with If-Match." : "Is not understood here; If-Match is."));
            return (new Precondition([], isNew: true), null);
        }

        if (match.Count == 0) return (null, Required);
        if (!EntityTagHeaderValue.TryParseStrictList([.. match.OfType<string>()], out var tags) || tags.Count > MostTags)
            return (null, FieldErrors.One("If-Match", "ETags in quotes, or *."));
        return (new Precondition([.. tags], isNew: false), null);
    }

    /// <summary>Whether it holds for what is there. A weak tag never does (RFC 9110 §13.1.1).</summary>
    public bool Holds(long revision) =>
        !IsNew && _tags.Any(tag => tag.Equals(EntityTagHeaderValue.Any) || (!tag.IsWeak && tag.Tag.AsSpan().SequenceEqual(Tag(revision))));

    /// <summary>The ETag of what editors said.</summary>
    public static string Tag(long revision) => string.Create(CultureInfo.InvariantCulture, $"\"{revision}\"");
}
