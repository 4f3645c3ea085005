using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Dapper;
using Microsoft.AspNetCore.Http;
using Movento.ControlPlane.Http;

namespace Movento.ControlPlane.Identity;

/// <summary>
/// Counts attempts in the database, so that the limits hold over every process and a restart. An attempt is counted before it is
/// made: a thousand guesses at once find the same limit as a thousand in a row. A sign-in that succeeds is given back.
/// </summary>
internal sealed class AttemptLimits(IdentityDatabase database, ControlPlaneOptions options, TimeProvider time)
{
    private static readonly TimeSpan RegistrationWindow = TimeSpan.FromHours(1);

    /// <summary>Counts a sign-in; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountSignInAsync(string email, IPAddress? address, CancellationToken cancellationToken) =>
        CountAsync(SignInKeys(email, address), options.SignInWindow, cancellationToken);

    /// <summary>Counts a registration; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountRegistrationAsync(IPAddress? address, CancellationToken cancellationToken) =>
        CountAsync([new(Key("register", Network(address)), options.RegistrationsPerAddress)], RegistrationWindow, cancellationToken);

    /// <summary>Counts a mail that somebody asks for who is not signed in; null when it may go on, else the 429.</summary>
    public Task<Problem?> CountMailAsync(string email, IPAddress? address, CancellationToken cancellationToken) => CountAsync(
        [new(Key("mail", email), options.Mail.MailsPerAddress), new(Key("mail address", Network(address)), options.RegistrationsPerAddress)],
        RegistrationWindow,
        cancellationToken);

    /// <summary>Gives back a sign-in that succeeded: only failures count.</summary>
    public async Task ForgiveSignInAsync(string email, IPAddress? address, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenAsync(cancellationToken);
        // Rows are locked in the order in which counting locks them, so that the two cannot wait for each other.
        await connection.ExecuteAsync(new CommandDefinition(
            """
            WITH counted AS (SELECT key FROM attempts WHERE key = ANY(@keys) ORDER BY key FOR UPDATE)
            UPDATE attempts SET count = greatest(count - 1, 0) FROM counted WHERE attempts.key = counted.key
            """,
            new { keys = SignInKeys(email, address).Select(limit => limit.Key).ToArray() },
            cancellationToken: cancellationToken));
    }

    private async Task<Problem?> CountAsync(Limit[] limits, TimeSpan window, CancellationToken cancellationToken)
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
            new { keys = limits.Select(limit => limit.Key).ToArray(), now, windowEnds = now + window },
            cancellationToken: cancellationToken));

        var over = counts.Where(count => count.Attempts > limits.Single(limit => limit.Key.AsSpan().SequenceEqual(count.Key)).Most).ToArray();
        return over.Length == 0
            ? null
            : new Problem(StatusCodes.Status429TooManyRequests, "too_many_attempts", "Too many attempts. Try again later.")
            {
                RetryAfter = over.Max(count => count.WindowEnds) - now.UtcDateTime,
            };
    }

    private Limit[] SignInKeys(string email, IPAddress? address)
    {
        var network = Network(address);
        return
        [
            new(Key("sign-in", email, network), options.SignInFailuresPerAccountAndAddress),
            new(Key("sign-in account", email), options.SignInFailuresPerAccount),
            new(Key("sign-in address", network), options.SignInFailuresPerAddress),
        ];
    }

    // None of the parts can hold a line break, so no two lists of parts make one key.
    private static byte[] Key(params ReadOnlySpan<string> parts) => SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', parts)));

    // Whoever has one IPv6 address has its whole /64 (RFC 6177).
    private static string Network(IPAddress? address)
    {
        if (address is null) return "unknown";
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? Convert.ToHexString(address.GetAddressBytes().AsSpan(0, 8))
            : address.ToString();
    }

    private sealed record Limit(byte[] Key, int Most);

    private sealed class Count
    {
        public required byte[] Key { get; init; }
        public required int Attempts { get; init; }
        public required DateTime WindowEnds { get; init; }
    }
}
