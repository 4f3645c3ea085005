namespace Movento.Ingest.Ladder;

/// <summary>One rung: a picture size and the bits it may take.</summary>
/// <param name="Id">Names the rendition: <c>v{height}</c>.</param>
/// <param name="Width">In square pixels, even.</param>
/// <param name="Height">In square pixels, even.</param>
/// <param name="PeakBitrate">The most bits a second, over a second of buffer.</param>
internal sealed record Rung(string Id, int Width, int Height, int PeakBitrate);

/// <summary>A ladder, from the lowest rung to the highest.</summary>
/// <param name="Rungs">None without video.</param>
/// <param name="FrameStep">Every n-th frame is kept: 1, or more where the source has more than 60 frames a second.</param>
internal sealed record EncodingLadder(IReadOnlyList<Rung> Rungs, int FrameStep);
