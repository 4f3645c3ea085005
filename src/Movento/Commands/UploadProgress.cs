using Movento.Client;
using Spectre.Console;

namespace Movento.Commands;

/// <summary>Uploads a file and follows the asset through every stage, with a progress bar for each.</summary>
internal static class UploadProgress
{
    /// <summary>The published asset's id.</summary>
    /// <param name="resumeKey">See <see cref="MoventoClient.UploadAsync"/>.</param>
    /// <param name="priority">See <see cref="MoventoClient.UploadAsync"/>.</param>
    /// <exception cref="MoventoClientException">The upload or the file was refused; with the reason.</exception>
    public static async Task<string> RunAsync(
        MoventoClient client, string path, string? title, CancellationToken cancellationToken, string? resumeKey = null, int priority = 0)
    {
        Asset? last = null;
        var id = await AnsiConsole.Progress()
            .Columns(new TaskDescriptionColumn { Alignment = Justify.Left }, new ProgressBarColumn(), new PercentageColumn(), new ElapsedTimeColumn())
            .StartAsync(async context =>
            {
                // 1. The upload, counted where the bytes leave.
                var length = new FileInfo(path).Length;
                var bars = new Dictionary<string, ProgressTask>(StringComparer.Ordinal)
                {
                    ["upload"] = context.AddTask("upload", maxValue: Math.Max(length, 1)),
                };
                var assetId = await client.UploadAsync(path, title, new Bar(bars["upload"]), cancellationToken, resumeKey, priority);
                bars["upload"].Value = bars["upload"].MaxValue;
                bars["upload"].StopTask();

                // 2. Every later stage, as the server tells it.
                await foreach (var asset in client.FollowAsync(assetId, cancellationToken))
                {
                    last = asset;
                    foreach (var stage in asset.Stages.Where(stage => stage.Name != "upload")) Show(context, bars, stage);
                }

                return assetId;
            });

        // 3. The catalogue learns of it by message, a moment later.
        last = last?.State is "published" or "rejected" ? last : await client.FindAsync(id, cancellationToken);
        if (last is { State: "rejected", Rejection: { } rejection })
        {
            throw new MoventoClientException(
                System.Net.HttpStatusCode.OK, rejection.Code, $"The file was rejected ({rejection.Code}): {rejection.Message} {rejection.Hint}".TrimEnd());
        }

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(30));
        while (!await client.IsListedAsync(id, limit.Token)) await Task.Delay(TimeSpan.FromMilliseconds(100), limit.Token);
        return id;
    }

    private static void Show(ProgressContext context, Dictionary<string, ProgressTask> bars, AssetStage stage)
    {
        if (!bars.TryGetValue(stage.Name, out var bar))
            bars[stage.Name] = bar = context.AddTask(stage.Name, autoStart: false, maxValue: 1);
        if (stage.State is "waiting" || bar.IsFinished) return;
        if (!bar.IsStarted) bar.StartTask();
        bar.Value = stage.State == "done" ? 1 : stage.Progress;
        if (stage.State is "done" or "failed") bar.StopTask();
    }

    private sealed class Bar(ProgressTask bar) : IProgress<long>
    {
        public void Report(long value) => bar.Value = value;

    }
}
