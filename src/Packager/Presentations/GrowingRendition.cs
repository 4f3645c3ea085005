namespace Movento.Packager.Presentations;

/// <summary>A rendition as far as it was given out, and what is needed to go on with it, in this process or another.</summary>
/// <param name="Rendition">With the segments so far. There is no file of it yet: the offsets are those of header and segments one after another.</param>
/// <param name="Fragments">How many fragments the segments have, and so the last sequence number (mfhd).</param>
/// <param name="CompositionDelay">See <see cref="Cmaf.CmafSettings.CompositionDelay"/>.</param>
/// <param name="NextDecodeTime">Of the first sample after the segments, in ticks.</param>
public sealed record GrowingRendition(Rendition Rendition, int Fragments, long CompositionDelay, long NextDecodeTime);
