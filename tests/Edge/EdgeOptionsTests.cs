namespace Movento.Edge.Tests;

public class EdgeOptionsTests
{
    [Fact]
    public void Validate_Defaults_AreFine() => Assert.Empty(new EdgeOptions().Validate());

    [Fact]
    public void Validate_EverythingWrong_NamesEveryOption()
    {
        var options = new EdgeOptions
        {
            CacheBytes = 1, DocumentCacheBytes = 1, MaxRangesPerRequest = 0, OriginTimeout = TimeSpan.Zero,
            MissingLifetime = TimeSpan.FromSeconds(-1), SharedCacheLifetime = TimeSpan.FromSeconds(-1), MaxConnections = 0,
            WarmUp = { Path = "", MaxBytes = 1, MaxDuration = TimeSpan.Zero, OriginShare = 0.6, SaveInterval = TimeSpan.Zero },
            AllowedOrigins = { "*", "https://watch.example/", "watch.example" },
        };
        var errors = options.Validate().ToArray();
        foreach (var name in new[] { "CacheBytes", "DocumentCacheBytes", "MaxRangesPerRequest", "OriginTimeout", "MissingLifetime", "SharedCacheLifetime", "MaxConnections" })
            Assert.Contains(errors, error => error.StartsWith($"Edge: {name} is ", StringComparison.Ordinal));
        foreach (var name in new[] { "Path", "MaxBytes", "MaxDuration", "OriginShare", "SaveInterval" })
            Assert.Contains(errors, error => error.StartsWith($"Edge: WarmUp:{name} is ", StringComparison.Ordinal));
        Assert.Equal(3, errors.Count(error => error.Contains("AllowedOrigins", StringComparison.Ordinal)));
        Assert.Contains(new EdgeOptions { OriginConcurrency = 0 }.Validate(), error => error.Contains("OriginConcurrency", StringComparison.Ordinal));
    }
}
