using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Movento.Harness;
using Movento.Ingest;
using Movento.Ingest.Encode;
using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;
using Movento.Ingest.Tools;
using Movento.Load.Contest;
using Movento.Load.Measure;
using Movento.Load.Pipeline;

namespace Movento.Load.Ladder;

/// <summary>The ladder that fits a film beside Apple's fixed one: bits at equal quality, bits in all, and what the analysis costs.</summary>
internal static class LadderComparison
{
    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var options = new IngestOptions { ToolNiceness = 0 };
        using var folder = new TemporaryFolder();
        var films = settings.Inputs.Count > 0 ? settings.Inputs : await LadderFilms.MakeAsync(folder.FullName, cancellationToken);
        var results = new List<ComparisonResult>();
        var lines = new List<FilmLine>();
        foreach (var film in films)
        {
            var line = await CompareAsync(film, options, cancellationToken);
            lines.Add(line);
            results.AddRange(line.Results);
        }
        Print(lines);
        return results;
    }

    private static async Task<FilmLine> CompareAsync(string film, IngestOptions options, CancellationToken cancellationToken)
    {
        using var folder = new TemporaryFolder();
        var name = Path.GetFileNameWithoutExtension(film);
        File.Copy(film, folder.Combine(EncodePlan.SourceName));
        var tools = new ToolRunner(TimeProvider.System);
        var facts = await new MediaProbe(options, tools).ProbeAsync(folder.FullName, EncodePlan.SourceName, cancellationToken);
        var video = facts.Video ?? throw new InvalidOperationException($"{film} has no pictures.");
        var seconds = (video.Duration > TimeSpan.Zero ? video.Duration : facts.Duration).TotalSeconds;

        // 1. The analysis, as the pipeline runs it.
        Complexity? complexity = null;
        var analysis = await Meter.RunAsync(new Contender("analysis", "", [], async stop =>
        {
            if (ComplexityProbe.For(facts, options) is not { } probe) return 0;
            var sampling = new SampleRun(options, tools, NullLogger<SampleRun>.Instance);
            var samples = new ComplexitySample?[probe.Samples];
            await Parallel.ForAsync(0, probe.Samples, new ParallelOptions { MaxDegreeOfParallelism = options.Encodes, CancellationToken = stop }, async (number, cancelled) =>
                samples[number] = await sampling.RunAsync(probe.Arguments(number), probe.Ways.Rungs.Count, folder.FullName, cancelled));
            complexity = probe.Measure([.. samples.OfType<ComplexitySample>()]);
            return 0;
        }), cancellationToken);
        var ours = LadderRules.For(video, complexity, options);
        var peer = AppleLadder.For(video, ours);

        // 2. Both ladders, each as one ffmpeg that decodes once.
        var source = folder.Combine(EncodePlan.SourceName);
        var (ourRun, ourRungs) = await EncodeAsync("Movento", ours, rung => VideoArguments.For(video, ours, rung, options));
        var (peerRun, peerRungs) = await EncodeAsync("Apple's fixed ladder", peer, rung => AppleLadder.Arguments(video, peer, rung, options));

        // 3. What they look like.
        var (equalOurs, equalPeer) = EqualQuality.Total(ourRungs, peerRungs);
        return new FilmLine(name, ourRungs, peerRungs, ourRun, peerRun, analysis, equalOurs, equalPeer);

        async Task<(Run Run, IReadOnlyList<MeasuredRung> Rungs)> EncodeAsync(string who, EncodingLadder ladder, Func<Rung, IEnumerable<string>> arguments)
        {
            string FileOf(Rung rung) => $"{rung.Id}.mp4";
            List<string> command =
            [
                "ffmpeg", "-hide_banner", "-nostdin", "-v", "error", "-y", "-i", source, "-filter_complex", FilterGraph.For(video, ladder),
                .. ladder.Rungs.SelectMany(rung => (string[])["-map", $"[{rung.Id}]", .. arguments(rung), FileOf(rung)]),
            ];
            Console.WriteLine($"\n# {name}, {who}:\n{HandWrittenFfmpeg.Shown(command)}");
            var run = await Meter.RunAsync(new Contender(who, "", [], async stop =>
            {
                await PeerProcess.RunAsync(command, folder.FullName, stop);
                return ladder.Rungs.Sum(rung => new FileInfo(folder.Combine(FileOf(rung))).Length);
            }), cancellationToken);
            var top = ours.Plain.Last();
            var rungs = await MeasuredRung.OfAsync(
                [.. ladder.Rungs.Select(rung => (rung, folder.Combine(FileOf(rung))))], source, (top.Width, top.Height), seconds, folder.FullName, cancellationToken);
            foreach (var (rung, measured) in ladder.Rungs.Zip(rungs))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                    $"{rung.Id,-10} {measured.Name,-10} {measured.Bitrate / 1000,6:0} kb/s  SSIM {measured.Similarity:0.0000}{(measured.Vmaf is { } vmaf ? $"  VMAF {vmaf:0.0}" : "")}"));
            }
            return (run, rungs);
        }
    }

    private static void Print(List<FilmLine> lines)
    {
        Console.WriteLine($"\n{"film",-20} {"rungs",7} {"equal quality",14} {"whole ladder",13} {"top rung",22} {"mean SSIM of a line",20} {"analysis",9}");
        foreach (var line in lines)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"{line.Name,-20} {line.Ours.Count,3}/{line.Peer.Count,-3} {Percent(line.AtEqualQuality),14} {Percent(line.OfAll),13} {line.Ours[^1].Bitrate / 1000,5:0} kb/s {line.Ours[^1].Similarity:0.0000} {EqualQuality.MeanSimilarity(line.Ours),10:0.0000}/{EqualQuality.MeanSimilarity(line.Peer):0.0000} {line.AnalysisShare,9:0.0 %}"));
        }
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{"mean",-20} {"",7} {Percent(lines.Average(line => line.AtEqualQuality)),14} {Percent(lines.Average(line => line.OfAll)),13} {"",22} {"",20} {lines.Average(line => line.AnalysisShare),9:0.0 %}"));
    }

    private static string Percent(double ratio) => string.Create(CultureInfo.InvariantCulture, $"{100 * (ratio - 1):+0;-0} %");

    private sealed record FilmLine(
        string Name, IReadOnlyList<MeasuredRung> Ours, IReadOnlyList<MeasuredRung> Peer, Run OurRun, Run PeerRun, Run Analysis, double EqualOurs, double EqualPeer)
    {
        public double AtEqualQuality => EqualOurs / EqualPeer;
        public double OfAll => OurRun.MediaBytes / PeerRun.MediaBytes;

        /// <summary>Of the processor time of our encode.</summary>
        public double AnalysisShare => Analysis.CpuSeconds / OurRun.CpuSeconds;

        public IEnumerable<ComparisonResult> Results =>
        [
            ComparisonResult.Of(Name, "Apple's fixed ladder", [OurRun], [PeerRun]),
            ComparisonResult.Of(Name, "Apple's fixed ladder at equal quality, bits a second", [OurRun with { MediaBytes = EqualOurs }], [PeerRun with { MediaBytes = EqualPeer }]),
            ComparisonResult.Of(Name, "analysis to encode", [Analysis with { MediaBytes = 1 }], [OurRun]),
        ];
    }
}
