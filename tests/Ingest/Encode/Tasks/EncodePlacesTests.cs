using Movento.Ingest.Encode.Tasks;

namespace Movento.Ingest.Tests.Encode.Tasks;

public sealed class EncodePlacesTests : IDisposable
{
    private readonly EncodePlaces _places = new(2);
    private readonly List<int> _asked = [];

    public void Dispose() => _places.Dispose();

    [Fact]
    public async Task Task_OfSeveralPlaces_LeavesNoneToOthersUntilItEnds()
    {
        var large = await ClaimAsync(2);
        Assert.Null(await ClaimAsync(1));
        _places.Leave(large!);
        Assert.NotNull(await ClaimAsync(1));
        Assert.NotNull(await ClaimAsync(1));
        Assert.Null(await ClaimAsync(1));
        // Nobody was asked where there was no room; beside one task, for what the other place holds.
        Assert.Equal([int.MaxValue, int.MaxValue, 1], _asked);
    }

    [Fact]
    public async Task Task_OfMorePlacesThanThereAre_HasThemToItself()
    {
        var small = await ClaimAsync(1);
        Assert.Null(await ClaimAsync(5));
        _places.Leave(small!);
        var large = await ClaimAsync(5);
        Assert.Null(await ClaimAsync(1));
        _places.Leave(large!);
        Assert.NotNull(await ClaimAsync(1));
    }

    [Fact]
    public async Task Claim_ThatFails_TakesNoPlace()
    {
        await Assert.ThrowsAsync<IOException>(() => _places.ClaimAsync((_, _) => throw new IOException(), default));
        Assert.Null(await _places.ClaimAsync((_, _) => Task.FromResult<EncodeTask?>(null), default));
        Assert.NotNull(await ClaimAsync(2));
    }

    // As the queue does: a task that is too large stays there.
    private Task<EncodeTask?> ClaimAsync(int places) => _places.ClaimAsync((most, _) =>
    {
        _asked.Add(most);
        return Task.FromResult(places <= most
            ? new EncodeTask(default, 1, new EncodeTaskSpec("c0000", [], [], 1, false, 0) { Urgency = 1, Ordinal = 0, Places = places }, 1, Guid.NewGuid())
            : null);
    }, default);
}
