using System.Numerics;
using System.Runtime.InteropServices;

namespace Movento.ControlPlane.Recommendations.Models;

/// <summary>
/// How much having seen a film speaks for each film: a square, one row for each film seen. Kept as bfloat16, the upper half of a float: half of the memory
/// that a request reads.
/// </summary>
internal sealed class FilmWeights
{
    private readonly ushort[] _weights;

    private FilmWeights(int films, ushort[] weights) => (Films, _weights) = (films, weights);

    /// <summary>Rows, and columns.</summary>
    public int Films { get; }

    /// <summary>As they are written to a file: little-endian, row by row.</summary>
    public ReadOnlySpan<byte> Bytes => MemoryMarshal.AsBytes(_weights.AsSpan());

    /// <param name="films">Rows, and columns.</param>
    /// <param name="weightOf">From the film that was seen to the other.</param>
    public static FilmWeights Of(int films, Func<int, int, float> weightOf)
    {
        var weights = new ushort[checked(films * films)];
        for (var seen = 0; seen < films; seen++)
        {
            var row = weights.AsSpan(seen * films, films);
            for (var film = 0; film < films; film++) row[film] = Shorten(weightOf(seen, film));
        }

        return new FilmWeights(films, weights);
    }

    /// <summary>Reads <see cref="Bytes"/> back.</summary>
    public static FilmWeights Read(int films, Stream stream)
    {
        var weights = new ushort[checked(films * films)];
        stream.ReadExactly(MemoryMarshal.AsBytes(weights.AsSpan()));
        return new FilmWeights(films, weights);
    }

    /// <summary>The weight from a film that was seen to another.</summary>
    public float Of(int seen, int film) => Lengthen(_weights[(seen * Films) + film]);

    /// <summary>Adds what having seen a film says, times <paramref name="factor"/>, to the scores of all.</summary>
    public void AddTo(Span<float> scores, int seen, float factor)
    {
        var row = _weights.AsSpan(seen * Films, Films);
        scores = scores[..Films];
        var wide = Vector<ushort>.Count;
        var factors = new Vector<float>(factor);
        var film = 0;
        for (; film <= row.Length - wide; film += wide)
        {
            Vector.Widen(new Vector<ushort>(row[film..]), out var low, out var high);
            var first = scores[film..];
            var second = scores[(film + (wide / 2))..];
            (new Vector<float>(first) + (factors * Vector.AsVectorSingle(low << 16))).CopyTo(first);
            (new Vector<float>(second) + (factors * Vector.AsVectorSingle(high << 16))).CopyTo(second);
        }

        for (; film < row.Length; film++) scores[film] += factor * Lengthen(row[film]);
    }

    // To the nearest, and to the even one of two that are as near.
    private static ushort Shorten(float value)
    {
        var bits = BitConverter.SingleToUInt32Bits(value);
        return (ushort)((bits + 0x7FFF + ((bits >> 16) & 1)) >> 16);
    }

    private static float Lengthen(ushort value) => BitConverter.UInt32BitsToSingle((uint)value << 16);
}
