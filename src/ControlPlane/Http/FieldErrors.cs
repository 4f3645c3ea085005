using Microsoft.AspNetCore.Http;

namespace Movento.ControlPlane.Http;

/// <summary>Gathers what is wrong with a request, field by field, so that one answer names everything.</summary>
internal sealed class FieldErrors
{
    private readonly Dictionary<string, string[]> _errors = [];

    /// <summary>Notes <paramref name="wrong"/> about <paramref name="field"/>; null says that all is well.</summary>
    public FieldErrors Note(string field, string? wrong)
    {
        if (wrong is not null) _errors[field] = [wrong];
        return this;
    }

    /// <summary>The 400 that names every field; null when nothing was noted.</summary>
    public Problem? Problem => _errors.Count == 0 ? null : Some with { Errors = _errors };

    /// <summary>The 400, before any field is named.</summary>
    public static Problem Some { get; } = new(StatusCodes.Status400BadRequest, "invalid_request", "Some of what was sent cannot be used.");

    /// <summary>The 400 about one field.</summary>
    public static Problem One(string field, string wrong) => new FieldErrors().Note(field, wrong).Problem!;
}
