using System.Diagnostics;
using System.Globalization;
using System.Net;
using Movento.Client;
using Movento.Load.Contest;
using Movento.Load.Measure;
using Movento.Load.Package;
using Movento.Servers;

namespace Movento.Load.Pipeline;

/// <summary>
/// From the end of a film's upload until a player has its first picture, while the rest is still encoded: ten minutes of 1080p beside two minutes of the same,
/// through the real executable with every role. The player is ffmpeg on the master playlist that a viewer is given.
/// </summary>
internal static class FirstFrame
{
    // npm's film has 30 seconds.
    private const int Long = 20, Short = 4;

    // What a player that is refused waits before it asks again.
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    public static async Task<IReadOnlyList<ComparisonResult>> RunAsync(ComparisonSettings settings, CancellationToken cancellationToken)
    {
        var (tenMinutes, twoMinutes) = settings.Inputs switch
        {
            [] => (await LoopedFilm.RepeatAsync(Long, cancellationToken), await LoopedFilm.RepeatAsync(Short, cancellationToken)),
            [var longer, var shorter] => (longer, shorter),
            _ => throw new InvalidOperationException("first-frame takes two films, the longer one first, or none."),
        };
        Console.WriteLine("Starting Movento");
        var movento = new RunningMovento { IsMeasured = true };
        await movento.InitializeAsync();
        try
        {
            using var client = new MoventoClient(movento.Api);
            await client.SignInAsync(movento.Operator.Email, movento.Operator.Password, cancellationToken);

            // Once to warm up: a service has seen a film before.
            Console.WriteLine($"Warming up with {Path.GetFileName(twoMinutes)}");
            await MeasureAsync(movento, client, twoMinutes, cancellationToken);
            var (ours, peer) = (new List<Run>(), new List<Run>());
            for (var round = 1; round <= settings.Rounds; round++)
            {
                foreach (var (film, runs) in new[] { (tenMinutes, ours), (twoMinutes, peer) })
                {
                    var (announced, decoded) = await MeasureAsync(movento, client, film, cancellationToken);
                    // Only the clock is of interest.
                    runs.Add(new Run(decoded, 1, 1, 1));
                    Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                        $"round {round}  {Path.GetFileName(film),-24} announced after {announced,6:0.00} s, first picture decoded after {decoded,6:0.00} s"));
                }
            }
            return [ComparisonResult.Of(Path.GetFileName(tenMinutes), Path.GetFileName(twoMinutes), ours, peer)];
        }
        finally
        {
            await movento.DisposeAsync();
        }
    }

    /// <summary>Seconds from the last byte of the upload until the film may be played, and until ffmpeg has decoded a picture of it.</summary>
    private static async Task<(double Announced, double Decoded)> MeasureAsync(
        RunningMovento movento, MoventoClient client, string film, CancellationToken cancellationToken)
    {
        var id = await client.UploadAsync(film, title: null, new Progress<long>(), cancellationToken);
        var watch = Stopwatch.StartNew();
        Grant grant;
        while (true)
        {
            try
            {
                grant = await client.GrantAsync(id, cancellationToken);
                break;
            }
            catch (MoventoClientException refused) when (refused.Status is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
        var announced = watch.Elapsed.TotalSeconds;
        await PeerProcess.RunAsync(
            // Players begin to decode with the first picture; ffmpeg would look at five seconds of the film first, unless told not to (0 is five seconds too).
            ["ffmpeg", "-v", "error", "-nostdin", "-analyzeduration", "1", "-fpsprobesize", "0", "-i", grant.HlsUrl.AbsoluteUri, "-map", "0:v:0", "-frames:v", "1", "-f", "null", "-"],
            Path.GetTempPath(), cancellationToken);
        var decoded = watch.Elapsed.TotalSeconds;

        if ((await client.FindAsync(id, cancellationToken))?.State == "published")
            throw new InvalidOperationException($"{film} was whole before it was played: it is too short to say anything.");
        // The rest is of no interest, and its encode would be in the way of the next one.
        using var removed = (await movento.Http.DeleteAsync(new Uri($"/api/assets/{id}", UriKind.Relative), cancellationToken)).EnsureSuccessStatusCode();
        while (await client.FindAsync(id, cancellationToken) is not null) await Task.Delay(Pause, cancellationToken);
        return (announced, decoded);
    }
}
