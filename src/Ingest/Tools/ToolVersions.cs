using System.Text;

namespace Movento.Ingest.Tools;

/// <summary>Which ffmpeg it is; asked once.</summary>
internal sealed class ToolVersions(IngestOptions options, ToolRunner tools)
{
    private string? _ffmpeg;

    /// <summary>The first line of <c>ffmpeg -version</c>.</summary>
    public async Task<string> FfmpegAsync(string folder, CancellationToken cancellationToken)
    {
        if (_ffmpeg is not null) return _ffmpeg;
        var result = await tools.RunAsync(new ToolRun
        {
            Tool = options.FfmpegPath,
            Arguments = ["-version"],
            Folder = folder,
            TimeLimit = TimeSpan.FromSeconds(30),
            MemoryBytes = options.ToolMemoryBytes,
        }, cancellationToken);
        return _ffmpeg = Encoding.UTF8.GetString(result.Output).Split('\n')[0].Trim();
    }
}
