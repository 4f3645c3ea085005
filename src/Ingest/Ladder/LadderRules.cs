using Movento.Ingest.Probe;

namespace Movento.Ingest.Ladder;

/// <summary>From facts to rungs. Pure.</summary>
internal static class LadderRules
{
    // The long and the short side of the boxes that rungs are fitted in: those of Apple's HLS Authoring Specification §2 for 16:9,
    // with 1440p and 2160p above.
    private static readonly (int Long, int Short)[] Boxes =
        [(3840, 2160), (2560, 1440), (1920, 1080), (1280, 720), (960, 540), (640, 360), (416, 234)];

    // Where a film needs rungs that are near to one another, there is one more of Apple's sizes to choose from.
    private static readonly (int Long, int Short)[] MoreBoxes = [.. Boxes[..5], (768, 432), .. Boxes[5..]];

    // A rung must save this much of the pixels of the one above it to be worth its storage.
    private const double LargestShare = 0.75;

    // Players on phones and televisions promise 60 frames a second and no more; 0.5 is for 59.94 and clocks that drift.
    private const double MaxFrameRate = 60.5;

    // Apple's table (§2) gives HEVC three quarters of the bits of H.264 at the same size, and so do we for AV1.
    private const double NewerCodecShare = 0.75;

    internal const int LeastPeakBitrate = 100_000;

    // As much as one step of x264's rate factor, on the scales of the others. Measured by the SSIM of the luma at 720p of three films: four steps of x264's from 22
    // on were 4.7 to 5.3 of x265's at veryfast, and 10.6 to 12 of SVT-AV1's at preset 10, whose rate factors go to 63.
    private const double HevcStep = 1.25, Av1Step = 2.5;

    // SVT-AV1 encodes no smaller pictures.
    private const int SmallestAv1Side = 64;

    /// <summary>
    /// The fixed ladder of a video track, and the shape of the others: its own size on top, unless that is above 2160p; nothing above the
    /// source; once in H.264, and once in each further codec that the options ask for.
    /// </summary>
    public static EncodingLadder For(VideoFacts? video, IngestOptions options)
    {
        if (video is null) return new([], 1);
        var step = FrameStep(video);
        var plain = Sizes(video, video.FrameRate.Value / step, Boxes, options);
        if (options.Ladder == IngestOptions.PerTitle && new EncodingLadder(plain, step).First is { } first && first != plain[^1])
        {
            // Those below it too: no rung may want more bits than a larger one.
            for (var index = plain.IndexOf(first); index >= 0; index--)
                plain[index] = PerTitleRules.First(plain[index], options, video.FrameRate.Value / step);
        }
        return InAllCodecs(plain, step, video, options);
    }

    /// <summary>The ladder of a video track as its complexity asks for; the fixed one where that is not known or not asked for. Its first rung is the same.</summary>
    public static EncodingLadder For(VideoFacts? video, Complexity? complexity, IngestOptions options)
    {
        var ladder = For(video, options);
        if (complexity is null || options.Ladder != IngestOptions.PerTitle || ladder.First is not { } first) return ladder;
        var frameRate = video!.FrameRate.Value / ladder.FrameStep;
        var plain = PerTitleRules.For(Sizes(video, frameRate, MoreBoxes, options), first, complexity, options, frameRate);
        return InAllCodecs(plain, ladder.FrameStep, video, options);
    }

    private static EncodingLadder InAllCodecs(List<Rung> plain, int frameStep, VideoFacts video, IngestOptions options)
    {
        var notes = new List<string>();
        var rungs = new List<Rung>(plain);
        foreach (var codec in options.VideoCodecs.Where(codec => codec != VideoCodec.H264))
        {
            var further = plain.Where(rung => codec != VideoCodec.Av1 || Math.Min(rung.Width, rung.Height) >= SmallestAv1Side).ToList();
            if (further.Count < plain.Count) notes.Add($"{plain.Count - further.Count} rungs are too small for AV1.");
            rungs.AddRange(further.Select(rung => In(codec, rung, video, options)));
        }
        return new(rungs, frameStep) { Notes = notes };
    }

    private static int FrameStep(VideoFacts video) => (int)Math.Max(1, Math.Ceiling(video.FrameRate.Value / MaxFrameRate));

    /// <summary>The rung as another codec makes it.</summary>
    private static Rung In(VideoCodec codec, Rung rung, VideoFacts video, IngestOptions options) => rung with
    {
        Id = $"{rung.Id}-{(codec == VideoCodec.Hevc ? "hevc" : "av1")}",
        Codec = codec,
        PeakBitrate = Math.Max(LeastPeakBitrate, (int)(rung.PeakBitrate * NewerCodecShare / 1000) * 1000),
        ConstantRateFactor = codec == VideoCodec.Hevc
            ? Math.Clamp(options.HevcConstantRateFactor + HevcStep * (rung.ConstantRateFactor - options.ConstantRateFactor), 1, 51)
            : Math.Clamp(options.Av1ConstantRateFactor + Av1Step * (rung.ConstantRateFactor - options.ConstantRateFactor), 1, 63),
        Range = video.Range,
    };

    /// <summary>The rungs of H.264 from the lowest to the highest.</summary>
    private static List<Rung> Sizes(VideoFacts video, double frameRate, (int Long, int Short)[] boxes, IngestOptions options)
    {
        var (width, height) = DisplaySize(video);
        var rungs = new List<Rung> { Fit(width, height, boxes[0], frameRate) };
        foreach (var box in boxes.AsSpan(1))
        {
            var rung = Fit(width, height, box, frameRate);
            if ((long)rung.Width * rung.Height <= LargestShare * rungs[^1].Width * rungs[^1].Height && rung.Id != rungs[^1].Id) rungs.Add(rung);
        }
        rungs.Reverse();
        return [.. rungs.Select(rung => rung with { ConstantRateFactor = options.ConstantRateFactor })];
    }

    /// <summary>The size at which a player shows it: square pixels, upright.</summary>
    internal static (double Width, double Height) DisplaySize(VideoFacts video)
    {
        // An aspect beyond 10:1 of a pixel is damage, not intent.
        var aspect = video.SampleAspect.Value is > 0.1 and < 10 ? video.SampleAspect.Value : 1;
        var (width, height) = (video.Width * aspect, (double)video.Height);
        return video.Rotation is 90 or 270 ? (height, width) : (width, height);
    }

    private static Rung Fit(double width, double height, (int Long, int Short) box, double frameRate)
    {
        var scale = Math.Min(1, Math.Min(box.Long / Math.Max(width, height), box.Short / Math.Min(width, height)));
        var (evenWidth, evenHeight) = (Even(width * scale), Even(height * scale));
        return new Rung($"v{evenHeight}", evenWidth, evenHeight, PeakBitrate(evenWidth, evenHeight, frameRate));
    }

    // 4:2:0 needs even sides. Down, so that no rung is above the source.
    private static int Even(double pixels) => Math.Max(2, (int)(pixels + 0.001) / 2 * 2);

    /// <summary>
    /// 5.5 Mb/s at 1080p30, and per pixel the fewer the larger the picture: the exponent 0.75 goes through Apple's table
    /// (360p 1.1, 540p 2.0, 720p 3.0, 1080p 5.5, 2160p 15.6 Mb/s). Twice the frames cost about 1.4 times the bits.
    /// </summary>
    private static int PeakBitrate(int width, int height, double frameRate)
    {
        var pixels = Math.Pow((double)width * height / (1920 * 1080), 0.75);
        var frames = frameRate > 30 ? Math.Sqrt(frameRate / 30) : 1;
        return Math.Max(LeastPeakBitrate, (int)(5_500_000 * pixels * frames / 1000) * 1000);
    }
}
