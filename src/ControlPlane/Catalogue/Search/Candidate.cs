namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What matches a search, wherever it is open.</summary>
internal sealed class Candidate
{
    /// <summary>The columns of this row but the last two, of <c>search_titles</c> and of <c>search_documents</c>.</summary>
    public const string Columns =
        "id AS Id, kind AS Kind, genres AS Genres, release_year AS ReleaseYear, minimum_age AS MinimumAge, windows::text AS Windows";

    public required Guid Id { get; init; }

    /// <summary><see cref="SearchFilter.MovieKind"/> or <see cref="SearchFilter.SeriesKind"/>.</summary>
    public required string Kind { get; init; }

    public required string[] Genres { get; init; }
    public short? ReleaseYear { get; init; }
    public short? MinimumAge { get; init; }

    /// <summary>See <see cref="OpenWindows"/>.</summary>
    public string? Windows { get; init; }

    /// <summary>The higher, the better.</summary>
    public required long Score { get; init; }

    /// <summary>Whether there may be more than were looked at where this was found.</summary>
    public required bool IsBounded { get; init; }
}
