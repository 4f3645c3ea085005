using Movento.ControlPlane;
using Movento.Hosting;

namespace Movento.Secrets;

/// <summary>
/// Gives access tokens a new key in the secrets file when the newest one has signed long enough (<see cref="ControlPlaneOptions.AccessTokenKeyRotation"/>). Of
/// several processes one does; all take it over by <see cref="SecretsWatch"/>. A file that cannot be written is told of, and the keys stay.
/// </summary>
public sealed partial class AccessTokenKeyRotation(string path, ControlPlaneOptions options, TimeProvider time, ILogger<AccessTokenKeyRotation> logger)
    : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    /// <summary>Rotates if it is time; whether it was.</summary>
    public bool RotateIfDue()
    {
        if (options.AccessTokenKeyRotation == TimeSpan.Zero) return false;
        try
        {
            if (!IsDue(SecretsFile.Read(path))) return false;
            var isMine = false;
            SecretsFile.Change(path, file =>
            {
                // Another process may have been quicker.
                isMine = IsDue(file);
                return isMine ? file.WithNewAccessTokenKey(time.GetUtcNow(), options.AccessTokenKeyOverlap, options.AccessTokenLifetime) : file;
            });
            if (isMine) Log.Rotated(logger, options.AccessTokenKeyOverlap);
            return isMine;
        }
        catch (StartException error)
        {
            Log.Failed(logger, error.Message);
            return false;
        }
    }

    /// <inheritdoc/>
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        try
        {
            do RotateIfDue();
            while (await timer.WaitForNextTickAsync(stoppingToken));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The process stops.
        }
    }

    // A key from before it was noted when keys begin is as old as anybody fears.
    private bool IsDue(SecretsFile file) =>
        file.AccessTokenKeys.Max(key => key.SignsFrom) is not { } newest || newest + options.AccessTokenKeyRotation <= time.GetUtcNow();

    private static partial class Log
    {
        [LoggerMessage(13, LogLevel.Information, "Access tokens have a new key, which signs in {Overlap}; the one before it verifies until its tokens have expired")]
        public static partial void Rotated(ILogger logger, TimeSpan overlap);

        [LoggerMessage(14, LogLevel.Warning, "The key of access tokens is to be rotated, but the secrets file cannot be changed; it is tried again. {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
