using Dapper;

namespace Movento.ControlPlane.Catalogue.Details;

/// <summary>What editors said, as the tables <c>movies</c> and <c>series</c> take it: the parameters of <see cref="DetailsRow.Assignments"/>.</summary>
internal sealed record SaidDetails
{
    public required string? Title { get; init; }
    public required string Titles { get; init; }
    public required string? Description { get; init; }
    public required short? ReleaseYear { get; init; }
    public required string? AgeRating { get; init; }
    public required short? MinimumAge { get; init; }
    public required string[] Genres { get; init; }
    public required string People { get; init; }
    public required string Artwork { get; init; }
    public required string? Windows { get; init; }
    public required bool IsDraft { get; init; }
    public required DateTime? PublishAt { get; init; }

    /// <summary>These, and others.</summary>
    public DynamicParameters With(object others)
    {
        var parameters = new DynamicParameters(this);
        parameters.AddDynamicParams(others);
        return parameters;
    }
}
