namespace Movento.ControlPlane.Recommendations.Evaluation;

/// <summary>That somebody has rated, or watched, a film.</summary>
/// <param name="Person">As the file numbers people.</param>
/// <param name="Film">As the file numbers films.</param>
/// <param name="Value">1 to 5; 5 where the file knows no ratings.</param>
/// <param name="At">Seconds, or a place in the file: only the order counts.</param>
internal readonly record struct Rating(int Person, int Film, float Value, long At);
