namespace Movento.Contracts;

// Messages are wake-up calls and announcements that carry ids and facts. Losing one loses nothing: the sender keeps
// the undone work in its database and sends again until the receiver has acknowledged (docs/formats/messages.md).
// Receivers are idempotent.

/// <summary>Ingest to its workers: a job waits to be claimed.</summary>
public sealed record IngestJobQueued(Guid AssetId);

/// <summary>Ingest to everybody: an upload was accepted and the asset exists.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="OwnerId">The user who uploaded it.</param>
/// <param name="Title">As the uploader named it; may hold any characters.</param>
/// <param name="AcceptedAt">When the last byte was durable.</param>
/// <param name="TeamId">The team that it belongs to; null from processes that did not say so yet: then the user alone is its team.</param>
public sealed record AssetAccepted(Guid AssetId, Guid OwnerId, string Title, DateTimeOffset AcceptedAt, Guid? TeamId = null);

/// <summary>Ingest to everybody: a version of an asset may be played from its beginning while the rest of it is still made.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="OwnerId">The user who uploaded it.</param>
/// <param name="Title">As the uploader named it.</param>
/// <param name="Version">From 1; either published later, or withdrawn by a refusal, a deletion or a later version.</param>
/// <param name="ExpectedSeconds">How long it will be; 0 where nothing says it.</param>
/// <param name="Width">Of the highest rung that can be played now, in pixels; 0 without video.</param>
/// <param name="Height">Of the highest rung that can be played now, in pixels; 0 without video.</param>
/// <param name="PlayableAt">When growing.json was written first.</param>
/// <param name="TeamId">As <see cref="AssetAccepted.TeamId"/>.</param>
public sealed record AssetPlayable(
    Guid AssetId,
    Guid OwnerId,
    string Title,
    int Version,
    double ExpectedSeconds,
    int Width,
    int Height,
    DateTimeOffset PlayableAt,
    Guid? TeamId = null);

/// <summary>Ingest to everybody: a version of an asset is whole in the object store, verified, and may be played.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="OwnerId">The user who uploaded it.</param>
/// <param name="Title">As the uploader named it.</param>
/// <param name="Version">From 1; immutable once announced.</param>
/// <param name="DurationSeconds">Of the presentation.</param>
/// <param name="Width">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="Height">Of the highest rung, in pixels; 0 without video.</param>
/// <param name="HasPoster">Whether the version has a poster.jpg.</param>
/// <param name="PublishedAt">When presentation.json was written.</param>
/// <param name="TeamId">As <see cref="AssetAccepted.TeamId"/>.</param>
public sealed record AssetPublished(
    Guid AssetId,
    Guid OwnerId,
    string Title,
    int Version,
    double DurationSeconds,
    int Width,
    int Height,
    bool HasPoster,
    DateTimeOffset PublishedAt,
    Guid? TeamId = null);

/// <summary>Ingest to everybody: an upload was refused, or what was to become another version of it. A version that is published stays.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Code">Stable and machine-readable, such as <c>not_media</c>.</param>
/// <param name="Reason">One sentence for a person.</param>
/// <param name="RejectedAt">When it was decided.</param>
/// <param name="Version">The version that it would have become; 0 from processes that did not say so yet.</param>
public sealed record AssetRejected(Guid AssetId, string Code, string Reason, DateTimeOffset RejectedAt, int Version = 0);

/// <summary>Ingest to everybody: its owner stopped the making of a version. A version that is published stays.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Version">Every version up to this one that is not published never will be.</param>
/// <param name="CancelledAt">When its owner asked for it.</param>
public sealed record AssetCancelled(Guid AssetId, int Version, DateTimeOffset CancelledAt);

/// <summary>Ingest to everybody: an asset and everything of it is gone.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="DeletedAt">When its owner asked for it.</param>
public sealed record AssetDeleted(Guid AssetId, DateTimeOffset DeletedAt);

/// <summary>The catalogue to ingest: the announcement is recorded, stop re-sending it.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Kind"><c>accepted</c>, <c>playable</c>, <c>published</c>, <c>rejected</c>, <c>cancelled</c> or <c>deleted</c>.</param>
/// <param name="Version">The announced version; 0 where the announcement has none.</param>
public sealed record AnnouncementRecorded(Guid AssetId, string Kind, int Version);

/// <summary>Billing to playback: what a user may play has changed, or may have. Who misses it asks when the user's players next say that they play.</summary>
/// <param name="UserId">The user.</param>
public sealed record EntitlementChanged(Guid UserId);

/// <summary>Anybody to the catalogue, which answers with <see cref="MoviePlayability"/>: does this film exist, and may it be played?</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Country">Where the viewer is (ISO 3166-1 alpha-2); null where nobody knows it.</param>
public sealed record CheckMoviePlayable(Guid AssetId, string? Country);

/// <summary>The catalogue's answer to <see cref="CheckMoviePlayable"/>, for that moment.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Exists">Whether the catalogue knows it: announced or named, and not deleted.</param>
/// <param name="MayBePlayed">Whether every viewer there may play it, as far as the catalogue is concerned.</param>
/// <param name="Refusal">Why not, a word of <see cref="PlayabilityRefusal"/>; null where it may be played.</param>
/// <param name="Title">Null where none is known.</param>
/// <param name="Version">That plays; 0 for none.</param>
/// <param name="DurationSeconds">Of that version; what is expected where it grows.</param>
/// <param name="IsGrowing">Whether that version is still made.</param>
/// <param name="MinimumAge">In years; null where nobody rated it.</param>
public sealed record MoviePlayability(
    Guid AssetId,
    bool Exists,
    bool MayBePlayed,
    string? Refusal,
    string? Title,
    int Version,
    double DurationSeconds,
    bool IsGrowing,
    int? MinimumAge);

/// <summary>The words of <see cref="MoviePlayability.Refusal"/>.</summary>
public static class PlayabilityRefusal
{
    /// <summary>There is no such film.</summary>
    public const string Unknown = "unknown";

    /// <summary>No version of it can be played.</summary>
    public const string NotReady = "not_ready";

    /// <summary>Its team has not published it.</summary>
    public const string Draft = "draft";

    /// <summary>It is published later.</summary>
    public const string Scheduled = "scheduled";

    /// <summary>It, or the series it belongs to, is not open there now.</summary>
    public const string NotOpen = "not_open";
}

/// <summary>Playback to everybody: somebody has begun a film. Again for each grant; nobody sends it again that was lost.</summary>
/// <param name="ViewerId">Whose account.</param>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="SeenAt">When it was granted.</param>
/// <param name="ProfileId">Who of that account; null for nobody in particular.</param>
public sealed record FilmViewed(Guid ViewerId, Guid AssetId, DateTimeOffset SeenAt, Guid? ProfileId = null);

/// <summary>Viewing to everybody: what somebody watched is no longer part of their history. Comes several times within a day.</summary>
/// <param name="UserId">Whose account.</param>
/// <param name="ProfileId">Who of it; null for nobody in particular.</param>
/// <param name="AssetId">The film; null for all of them.</param>
/// <param name="ErasedAt">What was watched later stays.</param>
public sealed record HistoryErased(Guid UserId, Guid? ProfileId, Guid? AssetId, DateTimeOffset ErasedAt);

/// <summary>An edge to everybody: how some playbacks went, as their players said it (CTA-5004). A client may say what it likes: figures, never facts.</summary>
/// <param name="Id">Names this message, however often it is sent: it counts once.</param>
/// <param name="SentAt">When the edge made this.</param>
/// <param name="Playbacks">At most a hundred; each once, when it is over.</param>
/// <param name="Lost">Playbacks of which this edge could not tell since it started.</param>
public sealed record PlaybacksObserved(Guid Id, DateTimeOffset SentAt, IReadOnlyList<PlaybackQuality> Playbacks, long Lost);

/// <summary>How one playback went.</summary>
/// <param name="AssetId">See <see cref="Contracts.AssetId"/>.</param>
/// <param name="Version">From 1.</param>
/// <param name="SessionId">The player's own id of it: 1 to 64 characters of any kind.</param>
/// <param name="BeganAt">When its first request came.</param>
/// <param name="Seconds">From its first request to its last.</param>
/// <param name="Ending"><c>ended</c>, <c>quit</c>, <c>failed</c>, <c>idle</c> (no more requests), <c>evicted</c> or <c>stopped</c> (the edge was).</param>
/// <param name="Requests">Requests that said they belong to it.</param>
/// <param name="Bytes">Bytes sent for them.</param>
/// <param name="StartSeconds">From the wish to play to the first picture; null where nothing says it.</param>
/// <param name="PlayedSeconds">Of the film, about: what was fetched less what stayed in the buffer.</param>
/// <param name="StalledSeconds">That the film stood still after its start.</param>
/// <param name="RebufferRatio">Stalled of stalled and played, 0 to 1.</param>
/// <param name="Stalls">How often it stood still.</param>
/// <param name="IsEstimated">Whether the player did not say how long it stood still or took to start (version 1 cannot), and its requests' times had to.</param>
/// <param name="MeanBitrate">Of its pictures, weighed by time, in kb/s; of its sound where it has no pictures; null where nothing says it.</param>
/// <param name="TopBitrate">The highest that it could have had, in kb/s; null where nothing says it.</param>
/// <param name="MeanThroughput">That the player measured, in kb/s; null where it did not.</param>
/// <param name="DroppedFrames">Null where the player did not say.</param>
/// <param name="Errors">Requests that said something went wrong in the player.</param>
/// <param name="Format"><c>hls</c>, <c>dash</c> or <c>other</c>.</param>
/// <param name="IsLive">Whether its segments came into being while it played.</param>
public sealed record PlaybackQuality(
    Guid AssetId,
    int Version,
    string SessionId,
    DateTimeOffset BeganAt,
    double Seconds,
    string Ending,
    long Requests,
    long Bytes,
    double? StartSeconds,
    double PlayedSeconds,
    double StalledSeconds,
    double RebufferRatio,
    int Stalls,
    bool IsEstimated,
    double? MeanBitrate,
    double? TopBitrate,
    double? MeanThroughput,
    long? DroppedFrames,
    int Errors,
    string Format,
    bool IsLive);

/// <summary>Identity to everybody: an account is gone, and whatever is kept of its user is to go too. Comes many times over weeks.</summary>
/// <param name="UserId">The <c>sub</c> of its access tokens.</param>
/// <param name="DeletedAt">When its owner asked for it.</param>
public sealed record AccountDeleted(Guid UserId, DateTimeOffset DeletedAt);

/// <summary>Identity to everybody: one of those who watch with an account is gone, and whatever is kept of what they did is to go too. Comes many times over
/// weeks, unless the account goes (<see cref="AccountDeleted"/>).</summary>
/// <param name="UserId">The account, which stays.</param>
/// <param name="ProfileId">Access tokens that name it live on for their minutes.</param>
/// <param name="DeletedAt">When it was removed.</param>
public sealed record ProfileDeleted(Guid UserId, Guid ProfileId, DateTimeOffset DeletedAt);

/// <summary>Anybody to identity: whose is this program's key? Answered with <see cref="ApiKeyAnswer"/>.</summary>
/// <param name="Hash">See <see cref="ApiKeyFormat.TryHash"/>.</param>
public sealed record ApiKeyQuestion(byte[] Hash);

/// <summary>Identity's answer to <see cref="ApiKeyQuestion"/>.</summary>
/// <param name="Holder">Null where the key is nobody's (any more).</param>
public sealed record ApiKeyAnswer(ApiKeyHolder? Holder);

/// <summary>Identity to whoever checks access tokens: these sign-ins are over, and so is what was given to them.</summary>
/// <param name="SignIns">The <c>sid</c> of their access tokens.</param>
/// <param name="Until">When each of those has expired by itself.</param>
public sealed record SignInsEnded(IReadOnlyList<Guid> SignIns, DateTimeOffset Until);

/// <summary>Whoever begins to hear of <see cref="SignInsEnded"/>, or does again, to identity: which are over already? Answered with <see cref="EndedSignInsAnswer"/>.</summary>
/// <param name="After">The last one of the answer before; null for the first ones.</param>
public sealed record EndedSignInsQuestion(Guid? After);

/// <summary>Identity's answer to <see cref="EndedSignInsQuestion"/>.</summary>
/// <param name="SignIns">Those of which access tokens may still live, in the order of their ids.</param>
/// <param name="Until">When each of those has expired by itself.</param>
/// <param name="IsLast">Whether there are no more.</param>
public sealed record EndedSignInsAnswer(IReadOnlyList<Guid> SignIns, DateTimeOffset Until, bool IsLast);
