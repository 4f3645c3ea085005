using Movento.Packager.IsoBmff.Boxes;
using Movento.Packager.Presentations;
using Movento.Packager.Tracks;

namespace Movento.Packager.Cmaf;

/// <summary>What all fragments of a track have in common.</summary>
/// <param name="Always">What every row of a trun has, whether it differs or not.</param>
/// <param name="HasPreRoll">Whether its samples are in the group that says how many before them must be decoded.</param>
internal readonly record struct FragmentShape(TrunFields Always, bool HasPreRoll)
{
    /// <summary>
    /// The shape. Subtitles have the size in every row, because shaka-player (mp4_vtt_parser.js, 5.2) takes a sample whose size stands in tfhd for a
    /// single cue and loses the others.
    /// </summary>
    public static FragmentShape Of(SourceTrack track, TrackKind kind) =>
        new(kind == TrackKind.Text ? TrunFields.SampleSize : TrunFields.None, track.Entry!.PreRoll > TimeSpan.Zero);
}
