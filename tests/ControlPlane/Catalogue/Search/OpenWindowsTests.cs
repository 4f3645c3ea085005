using Dapper;
using Movento.ControlPlane.Catalogue.Search;

namespace Movento.ControlPlane.Tests.Catalogue.Search;

public sealed class OpenWindowsTests(ControlPlaneFixture fixture) : ControlPlaneTest(fixture)
{
    private static readonly DateTime Now = new(2026, 3, 1, 12, 0, 0, DateTimeKind.Utc);

    [Theory]
    [InlineData(null, true, true)]
    [InlineData("""[{}]""", true, true)]
    [InlineData("""[{"countries":["DE"]}]""", true, false)]
    [InlineData("""[{"countries":["FR"]}]""", false, false)]
    [InlineData("""[{"countries":["FR"]},{"from":"2026-03-01T13:00:00+01:00"}]""", true, true)]
    [InlineData("""[{"from":"2026-03-01T12:00:00.000001Z"}]""", false, false)]
    [InlineData("""[{"until":"2026-03-01T12:00:00Z"}]""", false, false)]
    [InlineData("""[{"countries":["DE","AT"],"from":"2026-01-01T00:00:00Z","until":"2026-03-01T12:00:01Z"}]""", true, false)]
    public async Task Include_SaysWhatTheDatabaseSays(string? windows, bool isOpenInGermany, bool isOpenNowhereInParticular)
    {
        await using var connection = await App.Catalogue.OpenConnectionAsync();
        foreach (var (country, expected) in new[] { ("DE", isOpenInGermany), (null, isOpenNowhereInParticular) })
        {
            Assert.Equal(expected, new OpenWindows(country, Now).Include(windows));
            Assert.Equal(expected, await connection.QuerySingleAsync<bool?>("SELECT is_open(@windows::jsonb, @country, @Now)", new { windows, country, Now }) ?? false);
        }
    }
}
