using System.Globalization;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;
using Movento.Edge.Observation;

namespace Movento.Edge.Delivery;

/// <summary>
/// <c>Server-Timing</c> (W3C): where the first byte came from, and how many milliseconds it was waited for:
/// <c>cache;desc=memory</c>, <c>cache;desc=redis;dur=1</c>, <c>cache;desc=origin;dur=12</c>. Pages read it from their Resource Timing entries.
/// </summary>
internal static class ServerTiming
{
    private const string Name = "Server-Timing";

    // Waits are of the object store, whose time-out is some seconds; the rare longer one makes a string of its own.
    private const int Kept = 2048;

    private static readonly StringValues Memory = "cache;desc=memory";
    private static readonly StringValues[] Redis = new StringValues[Kept];
    private static readonly StringValues[] Origin = new StringValues[Kept];

    public static void Apply(IHeaderDictionary response, ObservedRequest observed)
    {
        switch (observed.Tier)
        {
            case CacheTier.Memory:
                response[Name] = Memory;
                break;
            case CacheTier.Redis:
                response[Name] = Waited(Redis, "redis", (int)observed.Waited.TotalMilliseconds);
                break;
            case CacheTier.Origin:
                response[Name] = Waited(Origin, "origin", (int)observed.Waited.TotalMilliseconds);
                break;
        }
    }

    private static StringValues Waited(StringValues[] kept, string tier, int milliseconds)
    {
        if ((uint)milliseconds >= Kept) return Text(tier, milliseconds);
        // Two who make the same text at once make it twice: harmless.
        if (kept[milliseconds].Count == 0) kept[milliseconds] = Text(tier, milliseconds);
        return kept[milliseconds];
    }

    private static string Text(string tier, int milliseconds) => string.Create(CultureInfo.InvariantCulture, $"cache;desc={tier};dur={milliseconds}");
}
