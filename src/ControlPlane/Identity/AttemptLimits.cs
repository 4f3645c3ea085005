using System.Net;
using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Metadata;
using Movento.Contracts;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity;

/// <summary>
/// Counts attempts in the database, so that the limits hold over every process and a restart. An attempt is counted before it is
/// made: a thousand guesses at once find the same limit as a thousand in a row. A sign-in that succeeds is given back.
/// Past the limit one has to wait, twice as long after each further failure; what is tried while one waits is not counted, so that waiting always
/// ends. A device that its owner signed in from before is counted by itself: strangers who fail at the account do not make it wait.
/// </summary>
internal sealed class AttemptLimits(IdentityDatabase database, ControlPlaneOptions options, TimeProvider time) : IEndpointParameterMetadataProvider
{
    /// <summary>The first wait past a limit of failures; each further failure doubles it, up to <see cref="ControlPlaneOptions.SignInWindow"/>.</summary>
    public static readonly TimeSpan FirstWait = TimeSpan.FromMinutes(1);

    /// <summary>The 429, before it says how long to wait.</summary>
    public static readonly Problem TooManyAttempts = new(StatusCodes.Status429TooManyRequests, "too_many_attempts", "Too many attempts. Try again later.");

    private const int SecondFactorFailures = 5;

    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);

    /// <summary>Whatever endpoint counts attempts refuses so.</summary>
    public static void PopulateMetadata(ParameterInfo parameter, EndpointBuilder builder) => builder.Metadata.Add(TooManyAttempts.Described);

    /// <summary>Counts a sign-in; null when it may go on, else the 429.</summary>
    /// <param name="device">What <see cref="Sessions.DeviceCookie"/> read; null for a stranger.</param>
    public Task<Problem?> CountSignInAsync(string email, IPAddress? address, string? device, CancellationToken cancellationToken) =>
        CountFailureAsync(SignInLimits(email, address, device), cancellationToken);

    /// <summary>Counts a code of a second factor; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountSecondFactorAsync(Guid userId, CancellationToken cancellationToken) =>
        CountFailureAsync([SecondFactorLimit(userId)], cancellationToken);

    /// <summary>Counts a registration; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountRegistrationAsync(IPAddress? address, CancellationToken cancellationToken) =>
        CountInHourAsync([new(Key("register", Network(address)), options.RegistrationsPerAddress)], cancellationToken);

    /// <summary>Counts a mail that somebody asks for who is not signed in; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountMailAsync(string email, IPAddress? address, CancellationToken cancellationToken) => CountInHourAsync(
        [new(Key("mail", email), options.Mail.MailsPerAddress), new(Key("mail address", Network(address)), options.RegistrationsPerAddress)],
        cancellationToken);

    /// <summary>Gives back a sign-in that succeeded: only failures count. Those of before at the same place are forgotten.</summary>
    public async Task ForgiveSignInAsync(string email, IPAddress? address, string? device, CancellationToken cancellationToken)
    {
        var limits = SignInLimits(email, address, device);
        await ForgiveAsync(limits, limits[0], cancellationToken);
    }

    /// <summary>Gives back a code that was right.</summary>
    public Task ForgiveSecondFactorAsync(Guid userId, CancellationToken cancellationToken) =>
        ForgiveAsync([SecondFactorLimit(userId)], SecondFactorLimit(userId), cancellationToken);

    private async Task ForgiveAsync(Limit[] limits, Limit forgotten, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // Rows are locked in the order in which counting locks them, so that the two cannot wait for each other.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH counted AS (SELECT key FROM attempts WHERE key = ANY(@keys) ORDER BY key FOR UPDATE)
            UPDATE attempts SET
              count = CASE WHEN attempts.key = @forgotten THEN 0 ELSE greatest(count - 1, 0) END,
              blocked_until = CASE WHEN attempts.key = @forgotten THEN NULL ELSE blocked_until END
            FROM counted WHERE attempts.key = counted.key
            """,
            new { keys = limits.Select(limit => limit.Key).ToArray(), forgotten = forgotten.Key },
            cancellationToken: cancellationToken));
    }

    // The attempt that reaches the limit still goes on, and so does the first one after each wait.
    private async Task<Problem?> CountFailureAsync(Limit[] limits, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        // What one limit refuses counts under none: it is not committed.
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var counted = (await connection.QueryAsync<byte[]>(new CommandDefinition(
            """
            INSERT INTO attempts AS a (key, count, window_ends, blocked_until)
            SELECT key, 1, @windowEnds, CASE WHEN most <= 1 THEN @firstEnd END FROM unnest(@keys, @mosts) AS k (key, most) ORDER BY key
            ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN a.window_ends <= @now THEN 1 ELSE least(a.count, 1000000) + 1 END,
              window_ends = excluded.window_ends,
              blocked_until = (
                SELECT CASE WHEN c.count >= k.most
                  THEN @now + least(@firstWait * power(2, least(c.count - k.most, 20)), @longestWait) END
                FROM unnest(@keys, @mosts) AS k (key, most), (SELECT CASE WHEN a.window_ends <= @now THEN 1 ELSE a.count + 1 END) AS c (count)
                WHERE k.key = a.key)
            WHERE a.blocked_until IS NULL OR a.blocked_until <= @now
            RETURNING key
            """,
            new
            {
                keys = limits.Select(limit => limit.Key).ToArray(),
                mosts = limits.Select(limit => limit.Most).ToArray(),
                now,
                windowEnds = now + options.SignInWindow,
                firstEnd = now + FirstWait,
                firstWait = FirstWait,
                longestWait = options.SignInWindow,
            },
            cancellationToken: cancellationToken))).AsList();
        if (counted.Count == limits.Length)
        {
            await transaction.CommitAsync(cancellationToken);
            return null;
        }

        var until = await connection.ExecuteScalarAsync<DateTime?>(new CommandDefinition(
            "SELECT max(blocked_until) FROM attempts WHERE key = ANY(@refused) AND blocked_until > @now",
            new { refused = limits.Select(limit => limit.Key).Where(key => !counted.Any(other => key.AsSpan().SequenceEqual(other))).ToArray(), now },
            cancellationToken: cancellationToken));
        return TooMany((until ?? now.UtcDateTime) - now.UtcDateTime);
    }

    private async Task<Problem?> CountInHourAsync(Limit[] limits, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        await using var connection = await database.OpenAsync(cancellationToken);
        var counts = await connection.QueryAsync<Count>(new CommandDefinition(
            """
            INSERT INTO attempts AS a (key, count, window_ends)
            SELECT key, 1, @windowEnds FROM unnest(@keys) AS k (key) ORDER BY key
            ON CONFLICT (key) DO UPDATE SET
              count = CASE WHEN a.window_ends <= @now THEN 1 ELSE least(a.count, 1000000) + 1 END,
              window_ends = CASE WHEN a.window_ends <= @now THEN excluded.window_ends ELSE a.window_ends END
            RETURNING key AS Key, count AS Attempts, window_ends AS WindowEnds
            """,
            new { keys = limits.Select(limit => limit.Key).ToArray(), now, windowEnds = now + Hour },
            cancellationToken: cancellationToken));

        var over = counts.Where(count => count.Attempts > limits.Single(limit => limit.Key.AsSpan().SequenceEqual(count.Key)).Most).ToArray();
        return over.Length == 0 ? null : TooMany(over.Max(count => count.WindowEnds) - now.UtcDateTime);
    }

    private static Problem TooMany(TimeSpan wait) => TooManyAttempts with { RetryAfter = wait };

    // The first is forgotten by a success.
    private Limit[] SignInLimits(string email, IPAddress? address, string? device)
    {
        if (device is not null) return [new(Key("sign-in device", email, device), options.SignInFailuresPerAccountAndAddress)];
        var network = Network(address);
        return
        [
            new(Key("sign-in", email, network), options.SignInFailuresPerAccountAndAddress),
            new(Key("sign-in account", email), options.SignInFailuresPerAccount),
            new(Key("sign-in address", network), options.SignInFailuresPerAddress),
        ];
    }

    private static Limit SecondFactorLimit(Guid userId) => new(Key("second factor", userId.ToString("N")), SecondFactorFailures);

    // None of the parts can hold a line break, so no two lists of parts make one key.
    private static byte[] Key(params ReadOnlySpan<string> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    private static string Network(IPAddress? address) => address is null ? "unknown" : NetworkPrefix.OfSubscriber(address).ToString();

    private sealed record Limit(byte[] Key, int Most);

    private sealed class Count
    {
        public required byte[] Key { get; init; }
        public required int Attempts { get; init; }
        public required DateTime WindowEnds { get; init; }
    }
}
