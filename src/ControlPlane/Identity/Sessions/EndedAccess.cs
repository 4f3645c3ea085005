using Dapper;
using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Movento.ControlPlane.Identity.AccessTokens;

namespace Movento.ControlPlane.Identity.Sessions;

/// <summary>Makes the access tokens of ended sessions useless before they expire: in this process at once, in others by <see cref="SignInsEnded"/>. One that
/// no message reaches takes such a token until one does, and asks then what it has missed (<see cref="EndedSignInsQuestion"/>); at most for the minutes that it lives.</summary>
internal sealed partial class EndedAccess(
    IdentityDatabase database, EndedSignIns signIns, IBus bus, ControlPlaneOptions options, TimeProvider time, ILogger<EndedAccess> logger)
{
    /// <summary>Of one answer: 200 KB on the bus.</summary>
    public const int MostAtOnce = 5000;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    /// <summary>These are over from now on.</summary>
    public async Task TellAsync(IReadOnlyList<Guid> sessions)
    {
        if (sessions.Count == 0) return;
        var until = time.GetUtcNow() + LongestLife;
        signIns.Add(sessions, until);
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await bus.Publish(new SignInsEnded(sessions, until), patience.Token);
        }
#pragma warning disable CA1031 // Whatever the broker's client throws, the sessions are over.
        catch (Exception error)
#pragma warning restore CA1031
        {
            Log.Untold(logger, sessions.Count, error);
        }
    }

    /// <summary>Reads those that ended before this process began.</summary>
    public Task ReadAsync(CancellationToken cancellationToken) => signIns.AddAllAsync(after => AnswerAsync(after, cancellationToken));

    /// <summary>Some of those whose access tokens may still live.</summary>
    public async Task<EndedSignInsAnswer> AnswerAsync(Guid? after, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        var ended = (await connection.QueryAsync<Guid>(new CommandDefinition(
            "SELECT id FROM sessions WHERE revoked_at > @since AND id > @after ORDER BY id LIMIT @most",
            new { since = now - LongestLife, after = after ?? Guid.Empty, most = MostAtOnce + 1 },
            cancellationToken: cancellationToken))).AsList();
        return new EndedSignInsAnswer([.. ended.Take(MostAtOnce)], now + LongestLife, ended.Count <= MostAtOnce);
    }

    private TimeSpan LongestLife => options.AccessTokenLifetime + AccessTokenValidation.ClockSkew;

    private static partial class Log
    {
        [LoggerMessage(3016, LogLevel.Warning, "Other processes could not be told that {Count} sessions are over: they take their access tokens until those expire")]
        public static partial void Untold(ILogger logger, int count, Exception exception);
    }
}
