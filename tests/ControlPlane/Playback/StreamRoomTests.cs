using Movento.ControlPlane.Playback;

namespace Movento.ControlPlane.Tests.Playback;

public sealed class StreamRoomTests
{
    private static readonly DateTime Now = new(2026, 3, 1, 10, 0, 0, DateTimeKind.Utc);
    private static readonly Guid Here = Guid.NewGuid();
    private static readonly Guid There = Guid.NewGuid();

    [Theory]
    [InlineData(0, 9)]
    [InlineData(3, 2)]
    public void Make_WithRoom_EndsNothing(int limit, int open) =>
        Assert.Empty(Make(limit, [.. Enumerable.Range(0, open).Select(_ => Stream(There, 0, 0))])!);

    [Fact]
    public void Make_WithoutRoom_EndsTheSilentThenThisDevice()
    {
        var (older, silent, mine, theirs) = (Stream(There, 9, 8), Stream(There, 9, 5), Stream(Here, 2, 0), Stream(There, 3, 0));
        Assert.Equal([older], Make(4, theirs, mine, silent, older));
        Assert.Equal([older, silent], Make(3, theirs, mine, silent, older));
        Assert.Equal([older, silent, mine], Make(2, theirs, mine, silent, older));
        Assert.Null(Make(1, theirs, mine, silent, older));
    }

    [Fact]
    public void Make_OfOwnStreams_EndsTheOldestFirst()
    {
        var (newer, older) = (Stream(Here, 1, 0), Stream(Here, 5, 0));
        Assert.Equal([older], Make(2, newer, older));
    }

    private static IReadOnlyList<OpenStream>? Make(int limit, params OpenStream[] open) => StreamRoom.Make(open, Here, limit, Now.AddSeconds(-90));

    private static OpenStream Stream(Guid device, int startedMinutesAgo, int silentMinutes) =>
        new(Guid.NewGuid(), Guid.Empty, device, Guid.Empty, Now.AddMinutes(-startedMinutesAgo), Now.AddMinutes(-silentMinutes), Now.AddHours(1), false);
}
