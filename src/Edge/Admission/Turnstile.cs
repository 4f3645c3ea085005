using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Movento.Edge.Admission;

/// <summary>Counts who takes how much, by playback session and by address, and says when it is too much. Allocates nothing.</summary>
internal sealed class Turnstile
{
    // Longer than this, a client is told to ask again earlier, and is refused again.
    private const int MaxRetryAfter = 60;

    private static readonly StringValues[] Seconds =
        [.. Enumerable.Range(0, MaxRetryAfter + 1).Select(seconds => new StringValues(Math.Max(seconds, 1).ToString(CultureInfo.InvariantCulture)))];

    private static readonly UInt128 Mapped = (UInt128)0xFFFF << 32;

    private readonly TimeProvider _time;
    private readonly bool _includesLoopback;
    private readonly LimitTable? _sessions;
    private readonly LimitTable? _addresses;

    public Turnstile(LimitOptions options, TimeProvider time)
    {
        _time = time;
        _includesLoopback = options.IncludeLoopback;
        _sessions = TableOf(new Limit(options.SessionRequests, options.SessionBytes, options.SessionConcurrency));
        _addresses = TableOf(new Limit(options.AddressRequests, options.AddressBytes, options.AddressConcurrency));

        LimitTable? TableOf(Limit limit) => limit.IsAny ? new LimitTable(limit, options.Burst, options.Tracked, time.TimestampFrequency) : null;
    }

    /// <summary>Counts a request from an address that begins.</summary>
    /// <param name="address">As <see cref="Visitor.Address"/> is; 0, which is nobody's, is not counted.</param>
    /// <param name="pass">To be handed to <see cref="EnterSession"/> and <see cref="Leave"/>.</param>
    /// <param name="retryAfter">Seconds until it may try again, where it is refused.</param>
    /// <returns>Null where it may go on.</returns>
    public EdgeOutcome? EnterAddress(UInt128 address, out Pass pass, out StringValues retryAfter)
    {
        retryAfter = default;
        pass = Pass.None with { IsCounted = address != 0 && (_includesLoopback || !IsLoopback(address)) };
        if (!pass.IsCounted || _addresses is null) return null;
        var verdict = _addresses.Enter(address >> 32 == Mapped >> 32 ? address : address >> 64 << 64 | 1, _time.GetTimestamp(), out var slot, out var wait);
        pass = pass with { Address = slot };
        if (verdict == LimitVerdict.Within) return null;
        retryAfter = InSeconds(wait);
        return verdict switch
        {
            LimitVerdict.TooManyRequests => EdgeOutcome.AddressRequests,
            LimitVerdict.TooManyBytes => EdgeOutcome.AddressBytes,
            _ => EdgeOutcome.AddressConcurrency,
        };
    }

    /// <summary>Counts the same request for its session; <see cref="Guid.Empty"/>, which is no session, is not counted.</summary>
    /// <returns>Null where it may go on.</returns>
    public EdgeOutcome? EnterSession(Guid session, ref Pass pass, out StringValues retryAfter)
    {
        retryAfter = default;
        if (!pass.IsCounted || _sessions is null || session == Guid.Empty) return null;
        Span<byte> bytes = stackalloc byte[16];
        session.TryWriteBytes(bytes);
        var verdict = _sessions.Enter(BinaryPrimitives.ReadUInt128LittleEndian(bytes), _time.GetTimestamp(), out var slot, out var wait);
        pass = pass with { Session = slot };
        if (verdict == LimitVerdict.Within) return null;
        retryAfter = InSeconds(wait);
        return verdict switch
        {
            LimitVerdict.TooManyRequests => EdgeOutcome.SessionRequests,
            LimitVerdict.TooManyBytes => EdgeOutcome.SessionBytes,
            _ => EdgeOutcome.SessionConcurrency,
        };
    }

    /// <summary>The request ended, after so many bytes of body.</summary>
    public void Leave(in Pass pass, long bytes)
    {
        if (pass is { Address: < 0, Session: < 0 }) return;
        var now = _time.GetTimestamp();
        _addresses?.Leave(pass.Address, bytes, now);
        _sessions?.Leave(pass.Session, bytes, now);
    }

    private StringValues InSeconds(long wait) => Seconds[Math.Min((wait + _time.TimestampFrequency - 1) / _time.TimestampFrequency, MaxRetryAfter)];

    private static bool IsLoopback(UInt128 address) => address == 1 || address >> 24 == (Mapped | 0x7F00_0000) >> 24;

    /// <summary>Where a request that is under way is counted.</summary>
    /// <param name="Address">A slot of the addresses' table; -1 for none.</param>
    /// <param name="Session">A slot of the sessions' table; -1 for none.</param>
    /// <param name="IsCounted">Whether the limits hold for its address.</param>
    public readonly record struct Pass(int Address, int Session, bool IsCounted)
    {
        public static Pass None => new(-1, -1, false);
    }
}
