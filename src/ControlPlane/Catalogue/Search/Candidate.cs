namespace Movento.ControlPlane.Catalogue.Search;

/// <summary>What matches a search, wherever it is open.</summary>
internal sealed class Candidate
{
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

    /// <summary>How many the index found, of which this is one.</summary>
    public required int Matches { get; init; }
}
