using MassTransit;
using Microsoft.Extensions.Logging;
using Movento.Contracts;
using Npgsql;

namespace Movento.ControlPlane.Identity.Profiles;

/// <summary>
/// Tells every area which profiles are gone from accounts that stay: at once, and again later and later for a month. What access tokens that still name one
/// leave behind meanwhile is forgotten by a later time.
/// </summary>
internal sealed partial class DeletedProfiles(IdentityDatabase database, IBus bus, TimeProvider time, ILogger<DeletedProfiles> logger)
    : RepeatedAnnouncements<DeletedProfiles.Row>(bus, DeletedProfiles.Announcements, DeletedProfiles.Interval, time)
{
    /// <summary>Removes the profile <c>@profile</c> of the account <c>@user</c> at <c>@now</c>, and owes that it is told.</summary>
    public const string Remove =
        """
        WITH gone AS (DELETE FROM profiles WHERE id = @profile AND user_id = @user RETURNING id, user_id)
        INSERT INTO deleted_profiles (profile_id, user_id, deleted_at, due_at) SELECT id, user_id, @now, @now FROM gone
        """;

    /// <summary>After an hour, two, four and so on: the tenth is after three weeks, the row goes after six.</summary>
    private const int Announcements = 10;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(30);

    protected override string Claim =>
        """
        UPDATE deleted_profiles SET announced = announced + 1, due_at = @now + interval '1 hour' * power(2, announced)
        WHERE profile_id = (SELECT profile_id FROM deleted_profiles WHERE due_at <= @now ORDER BY due_at LIMIT 1 FOR UPDATE SKIP LOCKED)
        RETURNING profile_id AS ProfileId, user_id AS UserId, deleted_at AS DeletedAt, announced AS Announced
        """;

    protected override string Forget => "DELETE FROM deleted_profiles WHERE profile_id = @ProfileId";

    protected override ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => database.OpenAsync(cancellationToken);

    protected override object Message(Row row) => new ProfileDeleted(row.UserId, row.ProfileId, row.DeletedAt);

    protected override void Failed(NpgsqlException error) => Log.Unread(logger, error);

    protected override void Untold(Exception error) => Log.Untold(logger, error);

    internal sealed class Row : IOwedAnnouncement
    {
        public required Guid ProfileId { get; init; }
        public required Guid UserId { get; init; }
        public required DateTime DeletedAt { get; init; }
        public required int Announced { get; init; }
    }

    private static partial class Log
    {
        [LoggerMessage(3018, LogLevel.Warning, "Which profiles are gone cannot be read; it is tried again")]
        public static partial void Unread(ILogger logger, Exception exception);

        [LoggerMessage(3019, LogLevel.Warning, "That a profile is gone could not be told; it is tried again")]
        public static partial void Untold(ILogger logger, Exception exception);
    }
}
