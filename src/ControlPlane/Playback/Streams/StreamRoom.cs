namespace Movento.ControlPlane.Playback;

/// <summary>Who makes room where a user has as many streams as may be.</summary>
internal static class StreamRoom
{
    /// <summary>
    /// The streams that must end so that one more may begin; null where there is no room. First go those whose players have fallen silent, then those of the
    /// device itself: whoever reloads a page wants its own place again. So never more than <paramref name="limit"/> tokens open something, whether or not
    /// a player keeps saying that it plays.
    /// </summary>
    /// <param name="open">The user's streams.</param>
    /// <param name="device">Where the new one plays.</param>
    /// <param name="limit">How many may be; 0 for any number.</param>
    /// <param name="silentSince">Who was not heard of since is silent.</param>
    public static IReadOnlyList<OpenStream>? Make(IReadOnlyList<OpenStream> open, Guid device, int limit, DateTime silentSince)
    {
        var surplus = limit == 0 ? 0 : open.Count - (limit - 1);
        if (surplus <= 0) return [];
        OpenStream[] yielding =
        [
            .. open.Where(stream => stream.SeenAt < silentSince).OrderBy(stream => stream.SeenAt),
            .. open.Where(stream => stream.SeenAt >= silentSince && stream.DeviceId == device).OrderBy(stream => stream.StartedAt),
        ];
        return yielding.Length < surplus ? null : yielding[..surplus];
    }
}
