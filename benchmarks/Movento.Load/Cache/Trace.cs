namespace Movento.Load.Cache;

/// <summary>What is asked of a cache, the same in every run.</summary>
internal static class Trace
{
    /// <summary>
    /// Blocks one by one, popular by Zipf's law (the n-th is asked for 1 / n^<paramref name="exponent"/> as often as the first), and in between, once in
    /// <paramref name="scanEvery"/> requests, a block that nobody asks for again: what a crawler does that reads the archive through. 0: none.
    /// </summary>
    public static IEnumerable<ulong> Zipf(int blocks, double exponent, int requests, int scanEvery)
    {
        var random = new Random(1);
        var shares = Cumulative(blocks, exponent);
        var scanned = (ulong)blocks;
        for (var request = 1; request <= requests; request++)
            yield return Mix(scanEvery > 0 && request % scanEvery == 0 ? scanned++ : (ulong)Pick(shares, random));
    }

    /// <summary>
    /// Ranges of files as players ask for them: films by Zipf's law, of each a sound track and four rungs; three in ten viewers leave within five segments, the
    /// others stay for two hundred on the average; all at the same time.
    /// </summary>
    public static IEnumerable<Request> Sessions(int films, int viewers, int requests)
    {
        var random = new Random(1);
        var shares = Cumulative(films, ZipfOfFilms);
        var playing = Enumerable.Range(0, viewers).Select(_ => new Viewer()).ToArray();
        for (var request = 0; request < requests; request += 2)
        {
            var viewer = playing[random.Next(viewers)];
            if (viewer.Left == 0)
            {
                viewer.Film = Pick(shares, random);
                viewer.Rung = 1 + Pick(RungShares, random);
                viewer.Segment = 0;
                viewer.Left = random.NextDouble() < 0.3 ? 1 + random.Next(5) : 1 + (int)(-200 * Math.Log(1 - random.NextDouble()));
                viewer.Left = Math.Min(viewer.Left, SegmentsOfFilm);
            }

            yield return RangeOf(viewer.Film, 0, viewer.Segment);
            yield return RangeOf(viewer.Film, viewer.Rung, viewer.Segment);
            viewer.Segment++;
            viewer.Left--;
        }
    }

    /// <summary>SplitMix64's last step: numbers to hashes.</summary>
    public static ulong Mix(ulong value)
    {
        value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
        value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
        return value ^ (value >> 31);
    }

    // Published measurements of video catalogues lie between 0.7 and 1.
    private const double ZipfOfFilms = 0.9;

    private const int SegmentsOfFilm = 1350; // an hour and a half of four seconds each

    // Bytes of four seconds: sound at 128 kbit/s, then 0.4, 1.2, 2.5 and 5 Mbit/s.
    private static readonly int[] SegmentBytes = [64_000, 200_000, 600_000, 1_250_000, 2_500_000];

    private static readonly double[] RungShares = [0.1, 0.3, 0.6, 1];

    // Sizes swing by a third around the mean, the same for everybody who asks; segments lie one behind the other.
    private static Request RangeOf(int film, int rung, int segment)
    {
        var file = (uint)(film * SegmentBytes.Length + rung);
        var mean = SegmentBytes[rung];
        var start = (long)segment * mean + Swing(segment);
        return new Request(file, start, (segment + 1L) * mean + Swing(segment + 1) - start, (long)SegmentsOfFilm * mean);

        int Swing(int number) => number is 0 or SegmentsOfFilm ? 0 : (int)(Mix(((ulong)file << 32) | (uint)number) % (ulong)(mean / 3));
    }

    private static double[] Cumulative(int count, double exponent)
    {
        var shares = new double[count];
        var sum = 0.0;
        for (var number = 0; number < count; number++) shares[number] = sum += 1 / Math.Pow(number + 1, exponent);
        for (var number = 0; number < count; number++) shares[number] /= sum;
        return shares;
    }

    private static int Pick(double[] shares, Random random)
    {
        var found = Array.BinarySearch(shares, random.NextDouble());
        return Math.Min(found < 0 ? ~found : found, shares.Length - 1);
    }

    private sealed class Viewer
    {
        public int Film { get; set; }

        public int Rung { get; set; }

        public int Segment { get; set; }

        public int Left { get; set; }
    }
}

/// <summary>A range of a file.</summary>
/// <param name="FileLength">In bytes.</param>
internal readonly record struct Request(uint File, long Offset, long Size, long FileLength);
