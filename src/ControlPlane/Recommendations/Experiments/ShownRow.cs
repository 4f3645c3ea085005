namespace Movento.ControlPlane.Recommendations.Experiments;

/// <summary>A row that somebody was shown.</summary>
/// <param name="Id">Its own.</param>
/// <param name="AccountId">To whose account.</param>
/// <param name="ViewerId">To which profile of it, or to the account.</param>
/// <param name="ShownAt">When.</param>
/// <param name="Kind">One of <see cref="Home.RowKind"/>.</param>
/// <param name="Variant">See <see cref="Experiments.Variant"/>.</param>
/// <param name="ModelId">The model that had a say; null where none had.</param>
/// <param name="Films">In their order.</param>
internal sealed record ShownRow(Guid Id, Guid AccountId, Guid ViewerId, DateTimeOffset ShownAt, string Kind, string Variant, long? ModelId, Guid[] Films);
