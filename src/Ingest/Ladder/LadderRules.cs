using Movento.Ingest.Probe;

namespace Movento.Ingest.Ladder;

/// <summary>From facts to rungs. Pure.</summary>
internal static class LadderRules
{
    // The long and the short side of the boxes that rungs are fitted in: those of Apple's HLS Authoring Specification §2 for 16:9,
    // with 1440p and 2160p above.
    private static readonly (int Long, int Short)[] Boxes =
        [(3840, 2160), (2560, 1440), (1920, 1080), (1280, 720), (960, 540), (640, 360), (416, 234)];

    // A rung must save this much of the pixels of the one above it to be worth its storage.
    private const double LargestShare = 0.75;

    // Players on phones and televisions promise 60 frames a second and no more; 0.5 is for 59.94 and clocks that drift.
    private const double MaxFrameRate = 60.5;

    /// <summary>The ladder of a video track: its own size on top, unless that is above 2160p; nothing above the source.</summary>
    public static EncodingLadder For(VideoFacts? video)
    {
        if (video is null) return new([], 1);
        var (width, height) = DisplaySize(video);
        var frameStep = (int)Math.Max(1, Math.Ceiling(video.FrameRate.Value / MaxFrameRate));
        var frameRate = video.FrameRate.Value / frameStep;

        var rungs = new List<Rung> { Fit(width, height, Boxes[0], frameRate) };
        foreach (var box in Boxes.AsSpan(1))
        {
            var rung = Fit(width, height, box, frameRate);
            if ((long)rung.Width * rung.Height <= LargestShare * rungs[^1].Width * rungs[^1].Height && rung.Id != rungs[^1].Id) rungs.Add(rung);
        }
        rungs.Reverse();
        return new(rungs, frameStep);
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
        return Math.Max(100_000, (int)(5_500_000 * pixels * frames / 1000) * 1000);
    }
}
