using Movento.Ingest.Ladder;
using Movento.Ingest.Probe;

namespace Movento.Ingest.Encode;

/// <summary>A run of ffmpeg over a chunk, which decodes it once.</summary>
/// <param name="Rungs">The ids of the rungs that it encodes.</param>
/// <param name="Threads">Of the decoder and of each encoder; 0 for as many as they like.</param>
/// <param name="Places">Of how many encodes it takes the memory (<see cref="IngestOptions.EncodeMemoryBytes"/>).</param>
internal sealed record EncodeRun(IReadOnlyList<string> Rungs, int Threads, int Places)
{
    // More do not make one encoder much faster.
    private const int MostThreads = 8;

    /// <summary>
    /// The runs that make a ladder: as few as hold all rungs, each of which decodes the film anew, the lowest first. A run may take the memory of several encodes
    /// with as many threads: as many as the highest rung alone needs, and one more where that saves a run. Pure: where the film is cut into chunks, which run
    /// alike on every worker, it depends on the film and the options alone.
    /// </summary>
    /// <param name="video">The source's track.</param>
    /// <param name="ladder">The rungs to encode.</param>
    /// <param name="isCut">Whether runs over other chunks go on at the same time; if not, a run has all processors.</param>
    /// <param name="processors">Of a worker.</param>
    /// <param name="options">The memory of an encode, and the encoders' presets.</param>
    public static IReadOnlyList<EncodeRun> For(VideoFacts video, EncodingLadder ladder, bool isCut, int processors, IngestOptions options)
    {
        List<Rung> largestFirst = [.. ladder.Rungs.OrderByDescending(rung => Bytes([rung], 1))];
        if (largestFirst.Count == 0) return [];
        if (!isCut)
        {
            // As many as x264 takes unasked (encoder/encoder.c), or fewer.
            var liked = processors * 3 / 2;
            var room = processors * options.EncodeMemoryBytes;
            var fitting = Enumerable.Range(1, liked).LastOrDefault(threads => Bytes([largestFirst[0]], threads) <= room, 1);
            return [.. Pack(fitting, room).Select(run => Run(run, fitting, fitting == liked ? 0 : fitting))];
        }

        // With the same number of runs, the fewer threads.
        var packed = Enumerable.Range(1, MostThreads).Where(threads => Fits([largestFirst[0]], threads)).Take(2).DefaultIfEmpty(1)
            .Select(threads => Pack(threads, threads * options.EncodeMemoryBytes)).MinBy(runs => runs.Count)!;
        return [.. packed.Select(run => Cut(run, Enumerable.Range(1, MostThreads).FirstOrDefault(threads => Fits(run, threads), 1)))];

        EncodeRun Cut(List<Rung> rungs, int threads) => Run(rungs, threads, threads);

        // Each into the first run that has room for it.
        List<List<Rung>> Pack(int threads, long room)
        {
            var runs = new List<List<Rung>>();
            foreach (var rung in largestFirst)
            {
                if (runs.Find(run => Bytes([.. run, rung], threads) <= room) is { } fitting) fitting.Add(rung);
                else runs.Add([rung]);
            }
            runs.Reverse();
            return runs;
        }

        EncodeRun Run(List<Rung> rungs, int threads, int said) => new(
            [.. ladder.Rungs.Where(rungs.Contains).Select(rung => rung.Id)], said, (int)Math.Ceiling((double)Bytes(rungs, threads) / options.EncodeMemoryBytes));

        // Whether it takes no more memory than so many encodes have; each further thread takes a little more of it.
        bool Fits(IReadOnlyList<Rung> rungs, int threads) => Bytes(rungs, threads) <= threads * options.EncodeMemoryBytes;

        long Bytes(IReadOnlyList<Rung> rungs, int threads) => EncodeMemory.Of(video, ladder with { Rungs = rungs }, threads, options);
    }
}
