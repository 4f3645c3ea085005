namespace Movento.Ingest.Ladder;

/// <summary>What samples of a film came to when they were encoded in one way, in H.264.</summary>
/// <param name="Width">In pixels.</param>
/// <param name="Height">In pixels.</param>
/// <param name="RateFactor">x264's constant rate factor.</param>
/// <param name="Bitrate">Bits a second.</param>
/// <param name="Similarity">SSIM of the luma with the pictures as they went into the encoder; at most 1.</param>
internal sealed record ComplexityPoint(int Width, int Height, double RateFactor, double Bitrate, double Similarity)
{
    public double Pixels => (double)Width * Height;

    /// <summary>The similarity in decibels, which fall evenly as the rate factor rises.</summary>
    public double Decibels => Complexity.Decibels(Similarity);
}

/// <summary>
/// How many bits a film needs. Three encodes of its samples say it: one in a large size, and two in a small one, whose rate factors are far apart. What
/// lies between and beside them follows: bits fall by the same share with each step of the rate factor, and grow with a power of the number of pixels.
/// </summary>
internal sealed record Complexity
{
    // A step of six halves the quantiser's resolution; measured films lose 7 % to 15 % of their bits with each step.
    private const double LeastFall = 0.04, MostFall = 0.25;

    // Twice the pixels are at most about twice the bits. A film whose detail is all coarse comes near to none.
    private const double LeastGrowth = 0.3, MostGrowth = 1.1, UsualGrowth = 0.65;

    private const double LeastLoss = 0.15, MostLoss = 0.8;

    private readonly double _fall;
    private readonly double _growth;
    private readonly double _loss;

    /// <summary>Takes the three measured points.</summary>
    /// <param name="large">In the size of the film, or near to it.</param>
    /// <param name="fine">In a small size, with a small rate factor.</param>
    /// <param name="coarse">In the same small size, with a large rate factor.</param>
    public Complexity(ComplexityPoint large, ComplexityPoint fine, ComplexityPoint coarse)
    {
        (Large, Fine, Coarse) = (large, fine, coarse);
        var steps = coarse.RateFactor - fine.RateFactor;
        _fall = Math.Clamp(Math.Log(fine.Bitrate / coarse.Bitrate) / steps, LeastFall, MostFall);
        _loss = Math.Clamp((fine.Decibels - coarse.Decibels) / steps, LeastLoss, MostLoss);
        var small = fine.Bitrate * Math.Exp(-_fall * (large.RateFactor - fine.RateFactor));
        _growth = large.Pixels > 1.2 * fine.Pixels
            ? Math.Clamp(Math.Log(large.Bitrate / small) / Math.Log(large.Pixels / fine.Pixels), LeastGrowth, MostGrowth)
            : UsualGrowth;
    }

    public ComplexityPoint Large { get; }
    public ComplexityPoint Fine { get; }
    public ComplexityPoint Coarse { get; }

    /// <summary>Bits a second that pictures of a size take at a rate factor.</summary>
    public double Bitrate(long pixels, double rateFactor) =>
        Large.Bitrate * Math.Pow(pixels / Large.Pixels, _growth) * Math.Exp(-_fall * (rateFactor - Large.RateFactor));

    /// <summary>The rate factor at which pictures of a size take so many bits a second.</summary>
    public double RateFactor(long pixels, double bitrate) => Large.RateFactor + Math.Log(Bitrate(pixels, Large.RateFactor) / bitrate) / _fall;

    /// <summary>The rate factor at which the film in its own size is as similar to its source.</summary>
    public double RateFactorOf(double similarity) => Large.RateFactor + (Large.Decibels - Decibels(similarity)) / _loss;

    // Identical pictures are no more than fifty.
    internal static double Decibels(double similarity) => -10 * Math.Log10(Math.Max(1 - similarity, 1e-5));
}
