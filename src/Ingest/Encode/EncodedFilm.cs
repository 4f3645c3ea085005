using System.Collections.Immutable;
using Movento.Ingest.Encode.Tasks;
using Movento.Ingest.Ladder;
using Movento.Packager.Tracks;

namespace Movento.Ingest.Encode;

/// <summary>What the tasks of a plan made, brought into the job's folder.</summary>
internal sealed class EncodedFilm(EncodePlan plan, string folder)
{
    private readonly SortedDictionary<int, ImmutableArray<long>> _frames = [];
    private readonly Dictionary<string, EncodeTaskStatus> _tasks = [];

    /// <summary>What was to be made.</summary>
    public EncodePlan Plan { get; } = plan;

    /// <summary>The tasks that are done, by name.</summary>
    public IReadOnlyDictionary<string, EncodeTaskStatus> Tasks => _tasks;

    /// <summary>The film times of each chunk's frames, in ticks of the plan's timescale, by the chunk's index; none for a chunk without frames.</summary>
    public IReadOnlyDictionary<int, ImmutableArray<long>> Frames => _frames;

    /// <summary>Where a rung's chunk lies.</summary>
    public string PathOf(Chunk chunk, Rung rung) => Path.Combine(folder, EncodeTasks.OutputName(EncodeTasks.TaskOf(Plan, chunk, rung), rung.Id));

    /// <summary>Where a track of sound lies: a fragmented MP4 file.</summary>
    public string PathOf(AudioOutput output) => Path.Combine(folder, $"{output.Id}.encoded");

    /// <summary>The chunks of a rung that have frames, in order.</summary>
    public IReadOnlyList<TrackChunk> ChunksOf(Rung rung) => rung.Id == Plan.PassedThrough
        ? [new TrackChunk(Path.Combine(folder, PassThroughStep.FileName(rung)), TimeSpan.Zero)]
        : [.. Plan.Chunks.Where(chunk => _frames.ContainsKey(chunk.Index)).Select(chunk => new TrackChunk(PathOf(chunk, rung), chunk.Start))];

    /// <summary>The encoder's own SSIM of a rung over all of its frames, or null where it was not told.</summary>
    public double? SsimOf(Rung rung)
    {
        if (rung.Id == Plan.PassedThrough) return null;
        var (sum, count) = (0.0, 0L);
        foreach (var (index, frames) in _frames)
        {
            var path = Path.GetFileName(PathOf(Plan.Chunks[index], rung));
            var output = _tasks[EncodeTasks.TaskOf(Plan, Plan.Chunks[index], rung)].Result!.Outputs.Single(output => output.Name == path);
            if (output.Ssim is not { } ssim) return null;
            sum += ssim * frames.Length;
            count += frames.Length;
        }
        return count == 0 ? null : Math.Round(sum / count, 6);
    }

    /// <summary>Keeps that a task is done.</summary>
    public void Add(EncodeTaskStatus task) => _tasks[task.Name] = task;

    /// <summary>Keeps what frames a chunk has.</summary>
    public void Add(Chunk chunk, ImmutableArray<long> frames) => _frames[chunk.Index] = frames;
}
