using System.Collections.Immutable;
using Movento.Packager.Cmaf;
using Movento.Packager.Presentations;

namespace Movento.Ingest.Growing;

/// <summary>What of a film is given out while it is made. It stays so until the film is whole: players take no notice of what comes later.</summary>
/// <param name="Renditions">
/// The first rung, perhaps others that are encoded with it, then every track of sound, in the order of the presentation.
/// </param>
/// <param name="ExpectedDuration">Of the film, where the probe knows it.</param>
/// <param name="Chapters">Of the film, where its duration is known; null for none.</param>
internal sealed record GrowingPlan(ImmutableArray<CmafSettings> Renditions, TimeSpan? ExpectedDuration, IReadOnlyList<Chapter>? Chapters = null);
