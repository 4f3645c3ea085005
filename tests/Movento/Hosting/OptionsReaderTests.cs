using Movento.Harness;
using Movento.Hosting;

namespace Movento.Tests.Hosting;

public sealed class OptionsReaderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    [Theory]
    [InlineData(null, null, null)]
    [InlineData("redis-a:6379", null, "redis-a:6379")]
    [InlineData("redis-a:6379", "redis-b:6379", "redis-b:6379")]
    [InlineData("redis-a:6379", "", "")]
    [InlineData(null, "redis-b:6379", "redis-b:6379")]
    public void OutputCaching_WithoutARedisOfItsOwn_SharesTheEdges(string? edge, string? own, string? taken)
    {
        var options = OptionsReader.Read(new DataFolder(_folder.Combine("data")), Settings(edge, own));
        Assert.Equal(taken, options.ControlPlane.OutputCaching.Redis);
    }

    [Fact]
    public void Redis_ThatCannotBeRead_IsNamedOnce()
    {
        var error = Assert.Throws<StartException>(() => OptionsReader.Read(new DataFolder(_folder.Combine("data")), Settings("redis:6379,nonsense=1", null)));
        Assert.Contains("Redis:Configuration", Assert.Single(error.Reasons), StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private static Dictionary<string, string?> Settings(string? edge, string? own)
    {
        var settings = new Dictionary<string, string?>();
        if (edge is not null) settings["Movento:Edge:Redis:Configuration"] = edge;
        if (own is not null) settings["Movento:ControlPlane:OutputCaching:Redis"] = own;
        return settings;
    }
}
